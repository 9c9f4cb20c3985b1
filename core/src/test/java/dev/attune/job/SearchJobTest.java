package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.StoppedException;
import dev.attune.job.search.KeptModels;
import dev.attune.job.search.Search;
import dev.attune.job.search.SearchAlgorithm;
import dev.attune.job.search.SearchControl;
import dev.attune.job.search.SearchListener;
import dev.attune.job.search.SearchPlan;
import dev.attune.job.search.SearchResult;
import dev.attune.job.search.Space;
import dev.attune.job.search.Trial;
import dev.attune.job.search.Trial.State;
import dev.attune.model.Golden;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainingArgumentsBuilder;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whole searches on a tiny model. */
class SearchJobTest extends RunsFixture {
    private Recipe.Builder recipe(String output, UnaryOperator<TrainingArgumentsBuilder> change) {
        return runs.recipe(
                        output,
                        b -> change.apply(b.numTrainEpochs(2)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .metricForBestModel("accuracy")))
                .train(runs.sentiment("train.csv", 32))
                .validation(runs.sentiment("v.csv", 18));
    }

    private SearchPlan.Builder plan(String output) {
        return SearchPlan.builder(recipe(output, b -> b).build())
                .algorithm(SearchAlgorithm.RANDOM)
                .space("learning_rate", Space.logUniform(1e-5, 1e-2))
                .space("per_device_train_batch_size", Space.choice(4, 8))
                .trials(3);
    }

    @Test
    void trialsAreRunsAndTheBestOneIsKept() throws IOException {
        SearchResult found = Search.run(plan("s").build(), SearchListener.SILENT);

        Path folder = runs.output("s");
        assertThat(found.trials()).hasSize(3).allMatch(trial -> trial.state() == State.FINISHED);
        Trial best = found.best().orElseThrow();
        for (Trial trial : found.trials()) {
            assertThat(trial.metric()).isLessThanOrEqualTo(best.metric());
            Path run = folder.resolve(trial.folder());
            assertThat(Golden.json(run.resolve("all_results.json"))
                            .get("eval_accuracy")
                            .doubleValue())
                    .isEqualTo(trial.metric());
            assertThat(Files.exists(run.resolve("model.safetensors"))).isEqualTo(trial.equals(best));
            assertThat(run.resolve("recipe.yaml")).isRegularFile();
            assertThat(checkpoints(run)).isEmpty();
            Object batch = trial.parameters().get("per_device_train_batch_size");
            assertThat(trial.steps()).isEqualTo(batch.equals("4") ? 16 : 8);
            assertThat(trial.evaluations()).hasSize(2);
            assertThat(Golden.json(run.resolve("run.json"))
                            .at("/arguments/learning_rate")
                            .doubleValue())
                    .isEqualTo(trial.parameters().get("learning_rate"));
        }
        assertThat(Files.readAllLines(folder.resolve("trials.jsonl"))).hasSize(3);
        assertThat(Golden.json(folder.resolve("search.json")).at("/best/trial").intValue())
                .isEqualTo(best.number());
        assertThat(folder.resolve("search.svg")).content().contains("learning_rate", "trial 0, learning_rate ");
        assertThat(folder.resolve("search.md")).content().contains("| trial | eval\\_accuracy |", "| finished |");
    }

    /** The recipe of the best trial is a whole one, and gives the same model bit for bit. */
    @Test
    void theBestRecipeTrainsTheBestModel() {
        Search.run(plan("s").trials(2).build(), SearchListener.SILENT);
        Path folder = runs.output("s");
        String best =
                Golden.json(folder.resolve("search.json")).at("/best/trial").asString();

        Recipe recipe = Recipe.read(folder.resolve("best.yaml"));
        assertThat(recipe.training().outputDir()).isEqualTo(folder.resolve("best"));
        Job.train(recipe, TrainingListener.SILENT);

        assertThat(folder.resolve("best/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("trial-00" + best + "/model.safetensors"));
    }

    @Test
    void allModelsStayIfAskedTo() {
        Search.run(plan("s").trials(2).keep(KeptModels.ALL).build(), SearchListener.SILENT);
        assertThat(runs.output("s").resolve("trial-000/model.safetensors")).exists();
        assertThat(runs.output("s").resolve("trial-001/model.safetensors")).exists();
    }

    /** Broken off between trials and within them, with a checkpoint and without one: in the end all is as without a break. */
    @Test
    void aSearchGoesOnAsIfItHadNotBeenBrokenOff() throws IOException {
        SearchPlan.Builder whole = plan("whole").algorithm(SearchAlgorithm.TPE).trials(13);
        SearchPlan.Builder cut = plan("cut").algorithm(SearchAlgorithm.TPE).trials(13);
        // A trial is a second: only the first and the last ones are of interest, and those about the first that is not
        // random.
        Search.run(whole.build(), SearchListener.SILENT);

        stopAfterTrial(cut.build(), 2);
        stopInTrial(cut.build(), 10, 3);
        stopAfterTrial(cut.build(), 11);
        killInTrial(cut.build(), 12, 5);
        SearchResult found = Search.run(cut.build(), SearchListener.SILENT);

        assertThat(found.trials()).hasSize(13);
        assertThat(lines("cut")).isEqualTo(lines("whole"));
        assertThat(Files.readString(runs.output("cut").resolve("best.yaml")).replace("/cut/", "/whole/"))
                .isEqualTo(Files.readString(runs.output("whole").resolve("best.yaml")));
        String best = found.best().orElseThrow().folder();
        assertThat(runs.output("cut").resolve(best).resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve(best).resolve("model.safetensors"));
        try (Stream<Path> trials = Files.list(runs.output("cut"))) {
            assertThat(trials.filter(path -> Files.exists(path.resolve("model.safetensors"))))
                    .hasSize(1);
        }
    }

    @Test
    void moreTrialsBeginWithThoseThatThereWere() throws IOException {
        Search.run(plan("s").trials(2).build(), SearchListener.SILENT);
        List<String> two = lines("s");
        List<Integer> begun = new ArrayList<>();
        Search.run(plan("s").trials(3).build(), new SearchListener() {
            @Override
            public TrainingListener onTrialBegin(Trial trial) {
                begun.add(trial.number());
                return TrainingListener.SILENT;
            }
        });
        assertThat(begun).containsExactly(2);
        assertThat(lines("s")).hasSize(3).startsWith(two.get(0), two.get(1));
    }

    @Test
    void ashaEndsTrialsThatAreNotAmongTheBest() throws IOException {
        SearchPlan.Builder plan = SearchPlan.builder(
                        recipe("asha", b -> b.numTrainEpochs(5).metricForBestModel(null))
                                .build())
                .algorithm(SearchAlgorithm.ASHA)
                .reductionFactor(2)
                .space("learning_rate", Space.logUniform(1e-6, 1e-2))
                .trials(6);
        SearchResult found = Search.run(plan.build(), SearchListener.SILENT);

        List<Trial> byNumber = found.trials().stream()
                .sorted((a, b) -> a.number() - b.number())
                .toList();
        assertThat(byNumber.get(0).state()).as("nobody was before it").isEqualTo(State.FINISHED);
        List<List<Double>> before = new ArrayList<>();
        for (Trial trial : byNumber) {
            int done = trial.evaluations().size();
            assertThat(done).isIn(1, 2, 4, 5);
            assertThat(trial.steps()).isEqualTo(4 * done);
            assertThat(trial.state()).isEqualTo(done == 5 ? State.FINISHED : State.PRUNED);
            // By the rule: at each rung that it passed it was among the best half, and at its last one it was not.
            for (int rung : new int[] {1, 2, 4}) {
                if (rung > done) break;
                double value = trial.evaluations().get(rung - 1);
                long better = before.stream()
                        .filter(others -> others.size() >= rung && others.get(rung - 1) < value)
                        .count();
                long there = 1
                        + before.stream()
                                .filter(others -> others.size() >= rung)
                                .count();
                assertThat(better < Math.max(1, there / 2))
                        .as("trial %d at %d", trial.number(), rung)
                        .isEqualTo(rung < done);
            }
            before.add(trial.evaluations());
        }
        assertThat(byNumber).extracting(Trial::state).contains(State.PRUNED);
        assertThat(found.best().orElseThrow().state()).isEqualTo(State.FINISHED);
    }

    @Test
    void ashaGoesOnToo() throws IOException {
        for (String name : List.of("whole", "cut")) {
            SearchPlan plan = SearchPlan.builder(
                            recipe(name, b -> b.numTrainEpochs(4).metricForBestModel(null))
                                    .build())
                    .algorithm(SearchAlgorithm.ASHA)
                    .reductionFactor(2)
                    .space("learning_rate", Space.logUniform(1e-6, 1e-2))
                    .trials(4)
                    .build();
            if (name.equals("cut")) {
                stopInTrial(plan, 0, 6);
                stopInTrial(plan, 1, 4); // at the evaluation that may end it
                stopInTrial(plan, 2, 4);
                stopInTrial(plan, 3, 3);
            }
            Search.run(plan, SearchListener.SILENT);
        }
        assertThat(lines("cut")).isEqualTo(lines("whole"));
        assertThat(lines("whole")).anyMatch(line -> line.contains("pruned"));
    }

    @Test
    void aTrialThatDivergesFailsAndTheSearchGoesOn() throws IOException {
        SearchPlan plan = SearchPlan.builder(
                        recipe("s", b -> b.maxNonfiniteSteps(0).maxGradNorm(0)).build())
                .algorithm(SearchAlgorithm.RANDOM)
                .space("learning_rate", Space.choice("1e-3", "1e30"))
                .trials(6)
                .build();
        SearchResult found = Search.run(plan, SearchListener.SILENT);
        assertThat(found.trials()).hasSize(6);
        for (Trial trial : found.trials()) {
            boolean fails = trial.parameters().get("learning_rate").equals("1e30");
            assertThat(trial.state()).isEqualTo(fails ? State.FAILED : State.FINISHED);
            assertThat(trial.note() != null).isEqualTo(fails);
        }
        assertThat(found.trials()).extracting(Trial::state).contains(State.FAILED, State.FINISHED);
        assertThat(lines("s")).anyMatch(line -> line.contains("\"state\":\"failed\""));
    }

    @Test
    void aMistakeInTheRecipeEndsTheSearchAtOnce() {
        List<Integer> begun = new ArrayList<>();
        SearchPlan plan = SearchPlan.builder(
                        recipe("s", b -> b.metricForBestModel("f1_of_nothing")).build())
                .space("learning_rate", Space.logUniform(1e-5, 1e-2))
                .build();
        assertThatThrownBy(() -> Search.run(plan, new SearchListener() {
                    @Override
                    public TrainingListener onTrialBegin(Trial trial) {
                        begun.add(trial.number());
                        return TrainingListener.SILENT;
                    }
                }))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metric_for_best_model is \"eval_f1_of_nothing\"");
        assertThat(begun).containsExactly(0);
        // Mended, the search begins: the other one had come to nothing.
        assertThat(Search.run(plan("s").trials(1).build(), SearchListener.SILENT)
                        .trials())
                .hasSize(1);
    }

    @Test
    void noFolderIsTakenThatHoldsSomethingElse() {
        Job.train(recipe("run", b -> b).build(), TrainingListener.SILENT);
        assertThatThrownBy(() -> Search.run(plan("run").build(), SearchListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds a run, and a search needs a folder of its own.");

        Search.run(plan("s").trials(1).build(), SearchListener.SILENT);
        SearchPlan.Builder other = plan("s").trials(1).seed(7);
        assertThatThrownBy(() -> Search.run(other.build(), SearchListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "holds another search (seed was 42 and is 7). Choose another folder, or set overwrite");
        SearchPlan replacing = SearchPlan.builder(
                        recipe("s", b -> b).overwrite(true).build())
                .algorithm(SearchAlgorithm.RANDOM)
                .space("learning_rate", Space.logUniform(1e-5, 1e-2))
                .trials(2)
                .build();
        assertThat(Search.run(replacing, SearchListener.SILENT).trials()).hasSize(2);
        assertThat(runs.output("s").resolve("trial-001/recipe.yaml")).exists();
    }

    @Test
    void noTrialBeginsAfterItsTime() {
        SearchResult found = Search.run(plan("s").maxHours(1e-9).build(), SearchListener.SILENT);
        assertThat(found.trials()).hasSize(1);
    }

    private static void stopAfterTrial(SearchPlan plan, int number) {
        SearchControl control = new SearchControl();
        assertThatThrownBy(() -> Search.run(plan, Hooks.NONE, control, new SearchListener() {
                    @Override
                    public void onTrialEnd(Trial trial) {
                        if (trial.number() == number) control.cancel();
                    }
                }))
                .isInstanceOf(StoppedException.class)
                .hasMessageStartingWith("Stopped after " + (number + 1) + " of ");
    }

    /** As by Ctrl-C, which saves a checkpoint. */
    private static void stopInTrial(SearchPlan plan, int number, int step) {
        SearchControl control = new SearchControl();
        assertThatThrownBy(() -> Search.run(plan, Hooks.NONE, control, atStep(number, step, control::cancel)))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("The same command goes on with the search.");
    }

    /** As by kill -9: nothing is saved. */
    private static void killInTrial(SearchPlan plan, int number, int step) {
        assertThatThrownBy(() -> Search.run(plan, atStep(number, step, () -> {
                    throw new IllegalStateException("killed");
                })))
                .hasMessage("killed");
    }

    private static SearchListener atStep(int number, int step, Runnable what) {
        return new SearchListener() {
            @Override
            public TrainingListener onTrialBegin(Trial trial) {
                return new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        if (trial.number() == number && event.step() == step) what.run();
                    }
                };
            }
        };
    }

    /** The lines of a search, without the times. */
    private List<String> lines(String output) throws IOException {
        return Files.readAllLines(runs.output(output).resolve("trials.jsonl")).stream()
                .map(line -> line.replaceAll("\"seconds\":[^,]+,", ""))
                .toList();
    }

    private static List<Path> checkpoints(Path run) throws IOException {
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .toList();
        }
    }

    @Test
    void javaRowsAreSearchedOnToo() {
        // Rows of the caller stand for what the recipe names.
        SearchPlan plan = plan("s").trials(1).build();
        Dataset rows = Datasets.read(runs.sentiment("train.csv", 32));
        SearchResult found = Search.run(plan, rows, rows, Hooks.NONE, new SearchControl(), SearchListener.SILENT);
        assertThat(found.trials()).hasSize(1);
        assertThat(Golden.json(runs.output("s").resolve("trial-000/run.json"))
                        .at("/data/train/rows")
                        .intValue())
                .isEqualTo(32);
    }
}
