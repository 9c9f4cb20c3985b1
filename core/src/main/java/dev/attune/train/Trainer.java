package dev.attune.train;

import dev.attune.adapt.Freezing;
import dev.attune.adapt.FreezingNotes;
import dev.attune.adapt.Unfreezing;
import dev.attune.checkpoint.Stateful;
import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Examples;
import dev.attune.error.CheckpointException;
import dev.attune.error.DataException;
import dev.attune.error.StoppedException;
import dev.attune.optim.LearningRate;
import dev.attune.optim.Optimizer;
import dev.attune.optim.ParameterGroups;
import dev.attune.optim.WeightAverage;
import dev.attune.task.Artifact;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, with the meaning of every number as in Hugging Face's Trainer: how steps are counted, which rate a
 * step uses, when it logs and evaluates. One difference is deliberate: under gradient accumulation the loss is the mean
 * over all supervised items of the whole group, so that 2 x 8 equals 1 x 16.
 *
 * <p>{@link TrainingState} says where a run stands, {@link Due} what comes after a step, {@link Update} makes one.
 */
public final class Trainer {
    private final TrainingArguments args;
    private final Task task;
    private final Examples train;
    private final TrainingOrder order;
    private final EvaluationSets eval;
    private final TrainingListener listener;
    private final TrainingPlan plan;
    private final Due due;
    private final TrainerControl control;
    private final BestModel best;
    private final Unfreezing unfreezing;
    /** How many layers above the embeddings are computed once only. */
    private final int lowerLayers;

    /** Where a file may be for what does not fit into memory. */
    private Path scratch = Path.of(System.getProperty("java.io.tmpdir"));

    private @Nullable PrefixCache lower;
    private LearningRate rates;
    private final LogHistory history = new LogHistory();
    private Evaluated evaluated = Evaluated.NOTHING;
    private @Nullable Saving saving;
    private Function<ParameterGroups, ? extends Optimizer> optimizer;
    private long started;
    /** What evaluations and files get to see of the weights. */
    private WeightAverage average = new WeightAverage(null, Map.of());
    /** Whether the optimizer still has its memory. */
    private boolean isOpen;

    /** @param eval what to evaluate on; {@link EvaluationSet#NONE} for nothing */
    public Trainer(TrainingArguments args, Task task, Examples train, EvaluationSet eval, TrainingListener listener) {
        this(args, task, train, EvaluationSets.of(eval), listener, new TrainerControl());
    }

    /**
     * Freezes the parameters of the model that {@code freeze} names; those that are frozen already stay so.
     *
     * @param control asks for something while the training runs
     * @throws dev.attune.error.ConfigException if the model has nothing of such a name, or nothing would be trained
     */
    public Trainer(
            TrainingArguments args,
            Task task,
            Examples train,
            EvaluationSets eval,
            TrainingListener listener,
            TrainerControl control) {
        this(args, task, TrainingOrder.of(args, train, task), eval, listener, control);
    }

    /** As {@link #Trainer(TrainingArguments, Task, Examples, EvaluationSets, TrainingListener, TrainerControl)} with an order that
     * is known already. */
    public Trainer(
            TrainingArguments args,
            Task task,
            TrainingOrder order,
            EvaluationSets eval,
            TrainingListener listener,
            TrainerControl control) {
        this.control = control;
        this.args = args;
        this.task = task;
        this.train = order.examples();
        this.eval = eval;
        this.listener = listener;
        this.order = order;
        this.plan = TrainingPlan.of(args, order.size());
        this.best = new BestModel(args);
        this.rates = LearningRate.of(
                args.lrSchedulerType().toString(),
                args.scheduleArguments(),
                args.learningRate(),
                plan.warmupSteps(),
                plan.totalSteps());
        Freezing.of(args.freeze()).apply(task.model());
        this.unfreezing = Unfreezing.of(task.model(), args.unfreezeLayersPerEpoch(), (int) Math.ceil(plan.epochs()));
        this.optimizer = groups -> OptimizerNames.create(args, groups);
        this.lowerLayers = args.frozenPrefix() == FrozenPrefixMode.CACHE
                ? PrefixCache.layers(task.model(), train, unfreezing.names())
                : 0;
        unfreezing.at(0);
        this.due = new Due(args, plan, !eval.isEmpty(), control, best);
    }

    /**
     * Outcome of {@link #run}: the mean loss over all steps, and what was measured along the way.
     *
     * @param evaluation of the last evaluation, on all sets; empty if there was none
     * @param artifacts of the last evaluation; those of a set with a name carry it
     */
    public record Result(
            double trainLoss,
            int steps,
            double epoch,
            double seconds,
            long samples,
            Map<String, Double> evaluation,
            List<Artifact> artifacts) {}

    /** Takes other learning rates than those of {@code lr_scheduler_type}. */
    public Trainer withLearningRate(LearningRate other) {
        rates = other;
        return this;
    }

    /**
     * Saves checkpoints into the folder of a run, as {@code save_strategy} says.
     *
     * @param model writes the model into a folder, and whatever belongs to it, such as the tokenizer
     * @param others parts of the run outside this trainer that remember something, by name
     */
    public Trainer savingTo(Path run, Consumer<Path> model, Map<String, ? extends Stateful> others) {
        if (Files.isDirectory(run)) scratch = run;
        return savingTo(new Checkpoints(run), DiskSpace.Room.of(run), model, others);
    }

    /** @param room on the disk of the run */
    Trainer savingTo(
            Checkpoints checkpoints,
            DiskSpace.Room room,
            Consumer<Path> model,
            Map<String, ? extends Stateful> others) {
        saving = new Saving(checkpoints, new DiskSpace(room, Checkpoints.bytes(task.model(), args)), model);
        others.forEach(saving::add);
        return this;
    }

    /**
     * Trains with an optimizer of one's own in place of the one that {@code optim} names. Learning rate, schedule, clipping and
     * checkpoints stay those of the run.
     *
     * @param factory makes it when the training begins; the run closes it
     */
    public Trainer optimizingWith(Function<ParameterGroups, ? extends Optimizer> factory) {
        optimizer = factory;
        return this;
    }

    /** Trains the task's model from the seed on. */
    public Result run() {
        return run(null);
    }

    /**
     * Goes on from a checkpoint, as if the run had not been interrupted: it ends with the same bits.
     *
     * @param checkpoint one that {@link #savingTo} made
     */
    public Result resume(Path checkpoint) {
        if (saving == null) throw new IllegalStateException("savingTo(…) comes first");
        return run(checkpoint);
    }

    private Result run(@Nullable Path checkpoint) {
        try (PrefixCache opened = prefixCache()) {
            lower = opened;
            return train(checkpoint);
        } finally {
            lower = null;
        }
    }

    private @Nullable PrefixCache prefixCache() {
        if (lowerLayers == 0) return null;
        long memory = PrefixCache.memory(args, task.model());
        return new PrefixCache(task, lowerLayers, args.precision(), memory, scratch, control, listener::onMessage);
    }

    private Result train(@Nullable Path checkpoint) {
        Rng.seed(args.seed());
        Throughput throughput = new Throughput(plan.totalSteps());
        started = System.nanoTime();
        TrainingState state = TrainingState.START;
        FreezingNotes.of(task.model()).forEach(listener::onMessage);

        try (Update update =
                        new Update(args, task, train, plan, rates, unfreezing, lower, optimizer, listener::onMessage);
                WeightAverage weights =
                        new WeightAverage(args.emaDecay(), task.model().parameters())) {
            isOpen = true;
            average = weights;
            if (saving != null) {
                saving.add("optimizer", update);
                saving.add("log_history", history);
                saving.add("best", best);
                saving.add("lr_scheduler", rates);
                saving.add("weight_average", average);
                if (checkpoint != null) state = saving.load(checkpoint, task.model(), this::batchesBehind);
            }
            update.begin(state);
            if (lower != null) lower.prepare(train);
            if (due.evaluation(state)) state = evaluate(state);
            if (plan.isEndOfEpoch(state) && !due.end(state)) state = state.nextEpoch();
            while (!due.end(state)) {
                listener.onEpochBegin(new EpochEvent(state.epoch(), state.step()));
                try (BatchLoader loader = order.loader(state.epoch(), state.usedInEpoch())) {
                    Iterator<Batch> batches = loader.iterator();
                    while (batches.hasNext() && !due.end(state)) {
                        listener.onStepBegin(state.step() + 1);
                        List<Batch> group = take(batches, args.gradientAccumulationSteps());
                        Update.Made made = update.apply(group, state);
                        if (made.isUpdate()) average.update();
                        throughput.step(group);
                        state = perform(state.after(made), made, throughput);
                    }
                }
                if (state.batchInEpoch() == 0) throw new IllegalStateException("epoch " + state.epoch() + " is empty");
                listener.onEpochEnd(new EpochEvent(state.epoch(), state.step()));
                if (!due.end(state)) state = state.nextEpoch();
            }
            if (update.hadNothingToLearn()) throw nothingToLearnFrom();
            update.requireUpdates(state);
            average.adopt();
        }
        isOpen = false;
        return finish(state, state.seconds() + secondsSinceStart());
    }

    /** What is due after a step. */
    private TrainingState perform(TrainingState after, Update.Made made, Throughput throughput) {
        if (made.skipped() != null) listener.onMessage(made.skipped());
        TrainingState state = log(after, made, throughput);
        if (due.evaluation(state)) {
            state = evaluate(state);
            throughput.pause();
        }
        if (saving != null && due.save(state)) {
            state = save(state);
            throughput.pause();
        }
        if (control.isCancelled()) throw stopped(state);
        return state;
    }

    private Result finish(TrainingState last, double seconds) {
        TrainingState state = last;
        Update.requireFiniteWeights(task, state);
        if (args.loadBestModelAtEnd() && loadBest(state)) measure(state);
        else if (due.isUnevaluated(state)) state = evaluate(state);
        // A run that went on after its last evaluation has the numbers of it, but nothing to report.
        else if (evaluated == Evaluated.NOTHING && !eval.isEmpty()) measure(state);
        return new Result(
                state.meanLoss(),
                state.step(),
                plan.progress(state),
                seconds,
                state.samples(),
                evaluated.results(),
                evaluated.artifacts());
    }

    /** Not at the first batch: a batch, or an epoch of hidden words, may well be left without a label. */
    private DataException nothingToLearnFrom() {
        return new DataException(
                "None of the " + train.size() + " training examples had a label to learn from, so nothing"
                        + " was learned. Check the labels, and the column that they are in.");
    }

    private double secondsSinceStart() {
        return (System.nanoTime() - started) / 1e9;
    }

    /** A checkpoint that cannot be written is no reason to lose the run: the next one may. */
    private TrainingState save(TrainingState state) {
        Update.requireFiniteWeights(task, state);
        try {
            Path folder = average.during(() -> saving.save(
                    state,
                    secondsSinceStart(),
                    TrainerStateJson.of(state, args, plan, due, best, history),
                    control.isCancelled()));
            listener.onSave(new SaveEvent(state.step(), plan.progress(state), folder));
            saving.removeBeyond(args.saveTotalLimit(), best.step()).forEach(listener::onMessage);
            return state.saved();
        } catch (CheckpointException e) {
            listener.onMessage("No checkpoint was saved at step " + state.step() + ": " + e.getMessage()
                    + (control.isCancelled() ? "" : " Training goes on, and the next save tries again."));
            return state;
        }
    }

    /** The weights of the best evaluation, in place of those of the last step; tells whether they are others. */
    private boolean loadBest(TrainingState state) {
        if (saving == null) throw new IllegalStateException("load_best_model_at_end needs savingTo(…)");
        if (best.step() < 0 || best.step() == state.step()) return false;
        String which = "step " + best.step() + " (" + best.name() + " " + best.metric() + ")";
        boolean loaded = saving.loadModel(best.step(), task.model());
        if (loaded) {
            listener.onMessage("The best model is that of " + which + ": it is the result of this run.");
        } else {
            listener.onMessage("The best model was that of " + which
                    + ", but its checkpoint is not there: the model of the last step is the result of this run.");
        }
        return loaded;
    }

    private StoppedException stopped(TrainingState state) {
        return new StoppedException("Stopped after step " + state.step() + " of " + plan.totalSteps() + ". "
                + (state.savedAt() < 0
                        ? "There is no checkpoint to go on from."
                        : "The same command with --resume-from-checkpoint goes on from step " + state.savedAt() + "."));
    }

    private TrainingState log(TrainingState state, Update.Made made, Throughput throughput) {
        boolean periodic = due.log(state);
        LogEvent event = new LogEvent(
                state.step(),
                plan.totalSteps(),
                plan.progress(state),
                plan.epochs(),
                state.meanLossSinceLog(),
                made.isSkipped() ? Double.NaN : made.loss(),
                made.rate(),
                made.norm(),
                made.samples(),
                made.tokens(),
                throughput.tokensPerSecond(),
                throughput.realShare(),
                Native.residentBytes(),
                throughput.etaSeconds(state.step()),
                periodic);
        if (periodic) history.log(event);
        listener.onStepEnd(event);
        if (periodic) listener.onLog(event);
        return periodic ? state.logged() : state;
    }

    private TrainingState evaluate(TrainingState state) {
        measure(state).forEach((set, found) -> {
            EvaluationEvent event = new EvaluationEvent(state.step(), plan.progress(state), set, found.results());
            history.evaluation(event);
            listener.onEvaluate(event);
        });
        boolean isFirst =
                state.step() > 0 && state.evaluatedAt() <= 0; // a model that learned nothing yet may well be constant
        if (isFirst) evaluated.notes().forEach(listener::onMessage);
        if (args.comparesEvaluations()) {
            double metric = best.add(evaluated.results(), state.step());
            if (state.step() > 0) rates.evaluated(metric);
        }
        return state.evaluated();
    }

    /** Evaluates the model as it is, for the results of the run; gives those of each set. */
    private Map<String, Evaluated> measure(TrainingState state) {
        Map<String, Evaluated> found = new LinkedHashMap<>();
        try {
            eval.byName().forEach((name, set) -> found.put(name, evaluate(set, EvaluationSets.prefix(name))));
        } catch (StoppedException e) {
            // Before the optimizer is closed there is a state to save; after the last step it is saved already.
            throw stopped(isOpen && saving != null && due.save(state) ? save(state) : state);
        }
        evaluated = Evaluated.of(found);
        return found;
    }

    private Evaluated evaluate(EvaluationSet set, String prefix) {
        if (lower != null) lower.prepare(set.examples());
        return average.during(() -> task.model()
                .inType(
                        args.evaluationWeights(),
                        () -> Evaluator.evaluate(
                                task, set, args.perDeviceEvalBatchSize(), args.precision(), prefix, control, lower)));
    }

    /** Of this run's batches, those that are not needed any more where so many examples of an epoch were used. */
    private int batchesBehind(int used) {
        int left = Math.max(0, order.size() - used);
        boolean none = left == 0 || (args.dataloaderDropLast() && left < args.perDeviceTrainBatchSize());
        int ahead = none ? 0 : BatchLoader.count(left, args.perDeviceTrainBatchSize(), args.dataloaderDropLast());
        return plan.batchesPerEpoch() - ahead;
    }

    private static List<Batch> take(Iterator<Batch> batches, int count) {
        List<Batch> taken = new ArrayList<>();
        while (taken.size() < count && batches.hasNext()) taken.add(batches.next());
        return taken;
    }
}
