package dev.attune.job.search;

import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.error.DivergedException;
import dev.attune.error.StoppedException;
import dev.attune.job.Hooks;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.job.search.Trial.State;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Trains a recipe with other values of some keys, again and again, and says which are the best. One trial after the other: a
 * training uses the whole machine.
 *
 * <p>A search that was broken off goes on when it is run again: trials that ended stay, and the one under way goes on from its
 * checkpoint, or begins anew where it has none. It finds what it would have found without the break.
 */
public final class Search {
    private final SearchPlan plan;
    private final Hooks hooks;
    private final SearchControl control;
    private final SearchListener listener;
    private final TrialJob job;
    private final Suggestions suggestions;
    private final @Nullable Halving halving;

    /** Trains one recipe. */
    @FunctionalInterface
    private interface TrialJob {
        TrainSummary train(Recipe recipe, Hooks hooks, TrainingListener listener);
    }

    private Search(SearchPlan plan, Hooks hooks, SearchControl control, SearchListener listener, TrialJob job) {
        this.plan = plan;
        this.hooks = hooks;
        this.control = control;
        this.listener = listener;
        this.job = job;
        SearchArguments arguments = plan.arguments();
        boolean greater = plan.metric().greaterIsBetter();
        this.suggestions = Suggestions.of(arguments.algorithm(), arguments.seed(), greater);
        this.halving = arguments.algorithm() == SearchAlgorithm.ASHA
                ? new Halving(arguments.reductionFactor(), arguments.minEvaluations(), greater)
                : null;
    }

    /** Searches to the end. */
    public static SearchResult run(SearchPlan plan, SearchListener listener) {
        return run(plan, Hooks.NONE, new SearchControl(), listener);
    }

    /**
     * As {@link #run(SearchPlan, SearchListener)} with a loss or metrics of the caller.
     *
     * @param control breaks the search off; a control in the hooks is not looked at
     * @throws StoppedException if it did
     * @throws ConfigException if the folder holds something else, or the recipe is wrong: no later trial would do better
     */
    public static SearchResult run(SearchPlan plan, Hooks hooks, SearchControl control, SearchListener listener) {
        return new Search(plan, hooks, control, listener, Job::train).run();
    }

    /** As {@link #run(SearchPlan, Hooks, SearchControl, SearchListener)} on rows that the caller has: see {@link Job}. */
    public static SearchResult run(
            SearchPlan plan,
            Dataset train,
            @Nullable Dataset validation,
            Hooks hooks,
            SearchControl control,
            SearchListener listener) {
        TrialJob job = (recipe, with, hears) -> Job.train(recipe, train, validation, with, hears);
        return new Search(plan, hooks, control, listener, job).run();
    }

    private SearchResult run() {
        try (SearchFolder folder = SearchFolder.open(plan)) {
            List<Trial> ended = new ArrayList<>(folder.trials());
            ended.removeIf(trial -> trial.state() == State.RUNNING);
            listener.onSearchBegin(plan, List.copyOf(ended));
            SearchResult result = written(folder, ended);
            while (ended.size() < plan.arguments().trials() && hasTime(ended)) {
                if (control.isCancelled()) throw stopped(ended);
                Trial trial = Trial.running(ended.size(), suggestions.suggest(plan.space(), ended.size(), ended));
                List<Trial> all = new ArrayList<>(ended);
                all.add(trial);
                folder.write(all);
                Trial end = train(folder, trial, List.copyOf(ended));
                ended.add(end);
                result = written(folder, ended);
                listener.onTrialEnd(end);
            }
            listener.onSearchEnd(result);
            return result;
        }
    }

    private boolean hasTime(List<Trial> ended) {
        Double hours = plan.arguments().maxHours();
        return hours == null || ended.stream().mapToDouble(Trial::seconds).sum() < hours * 3600;
    }

    /** Writes down what is known, and removes what is not needed any more. */
    private SearchResult written(SearchFolder folder, List<Trial> ended) {
        SearchResult result = new SearchResult(plan, ended);
        if (!ended.isEmpty()) folder.write(ended);
        folder.describe(result);
        new SearchReport(result).write(folder);
        if (plan.arguments().keep() == KeptModels.ALL) return result;
        for (Trial trial : ended) {
            boolean isBest = result.best().filter(trial::equals).isPresent();
            folder.shrink(trial, isBest);
        }
        return result;
    }

    private Trial train(SearchFolder folder, Trial trial, List<Trial> before) {
        Recipe recipe = recipe(folder, trial);
        TrialRun run = new TrialRun(folder.of(trial), plan.metric().name());
        TrainerControl trainer = new TrainerControl();
        TrialListener hears = new TrialListener(
                listener.onTrialBegin(trial),
                run,
                trainer,
                evaluations -> halving == null || halving.goesOn(evaluations, before));
        int step = run.step();
        if (step > 0) {
            recipe = recipe.toBuilder().resumeFromCheckpoint("must").build();
            hears.goesOnFrom(step);
        } else {
            folder.clear(trial);
            folder.recipe(
                    trial,
                    RecipeYaml.of(recipe, "Trial " + trial.number() + " of the search in " + plan.folder() + "."));
        }
        control.begin(trainer);
        long began = System.nanoTime();
        try {
            TrainSummary summary = job.train(recipe, hooks.withControl(trainer), hears);
            return ended(trial, hears, summary, (System.nanoTime() - began) / 1e9);
        } catch (DivergedException e) {
            return new Trial(
                    trial.number(),
                    trial.parameters(),
                    State.FAILED,
                    null,
                    hears.evaluations(),
                    hears.steps(),
                    (System.nanoTime() - began) / 1e9,
                    e.getMessage());
        } catch (StoppedException e) {
            throw stopped(before);
        }
    }

    /** @throws ConfigException if the values do not go together */
    private Recipe recipe(SearchFolder folder, Trial trial) {
        try {
            return plan.recipe(trial.parameters(), folder.of(trial));
        } catch (ConfigException e) {
            throw new ConfigException(
                    "Trial " + trial.number() + " with " + text(trial.parameters()) + " is impossible: "
                            + e.getMessage(),
                    e);
        }
    }

    private static String text(Map<String, Object> parameters) {
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + " " + Space.text(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private Trial ended(Trial trial, TrialListener hears, TrainSummary summary, double seconds) {
        String name = plan.metric().name();
        Double metric = summary.allResults().get(name);
        if (metric == null) {
            throw new ConfigException("The search compares trials by \"" + name
                    + "\", but an evaluation has no such metric."
                    + " There are " + String.join(", ", summary.allResults().keySet())
                    + ". Set metric_for_best_model to one of them.");
        }
        boolean isNumber = Double.isFinite(metric);
        State state = !isNumber ? State.FAILED : hears.isPruned() ? State.PRUNED : State.FINISHED;
        return new Trial(
                trial.number(),
                trial.parameters(),
                state,
                isNumber ? metric : null,
                hears.evaluations(),
                hears.steps(),
                seconds,
                isNumber ? null : name + " is not a finite number.");
    }

    private StoppedException stopped(List<Trial> ended) {
        return new StoppedException("Stopped after " + ended.size() + " of "
                + plan.arguments().trials() + " trials. The same command goes on with the search.");
    }
}
