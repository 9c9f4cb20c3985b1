package dev.attune.train;

import dev.attune.adapt.TrainableParameters;
import dev.attune.adapt.Unfreezing;
import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.error.DivergedException;
import dev.attune.error.TensorException;
import dev.attune.model.EncoderDecoder;
import dev.attune.nn.Parameter;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.GroupWords;
import dev.attune.optim.LearningRate;
import dev.attune.optim.LossScale;
import dev.attune.optim.Optimizer;
import dev.attune.optim.ParameterGroups;
import dev.attune.task.Task;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the updates of a run: forward and backward of a group of batches, the norm of the gradient, a step of the optimizer.
 * Owns the optimizer's memory.
 */
final class Update implements Stateful, AutoCloseable {
    private final TrainingArguments args;
    private final Task task;
    private final Examples train;
    private final List<Parameter> trained;
    private final LearningRate rates;
    private final Optimizer optimizer;
    private final DType precision;
    /** Null where nothing is scaled: not in float16. */
    private final @Nullable LossScale scale;

    private final MicroBatches micro;
    private final LossWatch watch;
    private final Unfreezing unfreezing;
    private final @Nullable PrefixCache lower;
    private final Consumer<String> notes;
    private int made;
    private double learnedFrom;
    private final long parameters;
    private final long trainedValues;

    /**
     * @param lower prepared for the training examples before the first step; null if all layers are to be computed
     * @param optimizer makes it; the run owns it
     * @param notes sentences for the user
     */
    Update(
            TrainingArguments args,
            Task task,
            Examples train,
            TrainingPlan plan,
            LearningRate rates,
            Unfreezing unfreezing,
            @Nullable PrefixCache lower,
            Function<ParameterGroups, ? extends Optimizer> optimizer,
            Consumer<String> notes) {
        this.args = args;
        this.task = task;
        this.train = train;
        this.unfreezing = unfreezing;
        this.lower = lower;
        ParameterGroups groups = ParameterGroups.of(task.model(), args.groupRules(), unfreezing.names());
        GroupWords.of(groups, args.learningRate()).ifPresent(notes);
        this.trained = groups.all();
        this.trainedValues = trained.stream()
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
        this.rates = rates;
        this.watch = new LossWatch(task, plan.warmupSteps());
        this.notes = notes;
        this.precision = args.precision();
        this.scale = precision == DType.FLOAT16 ? new LossScale() : null;
        this.micro = new MicroBatches(
                MemoryBudget.of(args.maxMemory()), train, args.seed(), task.model() instanceof EncoderDecoder, notes);
        this.parameters = task.model().parameterCount();
        task.model().gradientCheckpointing(args.gradientCheckpointing());
        task.model().inputEmbeddings().noise(args.neftuneNoiseAlpha() == null ? 0 : args.neftuneNoiseAlpha());
        this.optimizer = optimizer.apply(groups);
    }

    /**
     * One step.
     *
     * @param skipped why no update was made, as a sentence; null if one was
     * @param loss mean over all supervised items of the group
     * @param norm global L2 norm of the gradient before clipping
     * @param rate the learning rate that was used
     * @param batches of the group
     * @param samples examples of the group
     * @param tokens of the group
     */
    record Made(
            @Nullable String skipped, double loss, double norm, double rate, int batches, int samples, long tokens) {
        boolean isSkipped() {
            return skipped != null;
        }

        /** Whether the weights have changed: not skipped, and no overflow that the loss scale made. */
        boolean isUpdate() {
            return skipped == null && Double.isFinite(norm);
        }
    }

    /**
     * @param group batches whose mean gradient makes one step
     * @param state before the step
     * @throws DivergedException if loss or gradient is not a finite number, and was not in {@code max_nonfinite_steps} steps
     *     before either
     */
    Made apply(List<Batch> group, TrainingState state) {
        double weight = group.stream().mapToDouble(task::weight).sum();
        made++;
        learnedFrom += weight;
        // Nothing to learn from, as where all tokens are to be ignored: loss and gradient are 0.
        if (weight == 0) weight = 1;

        unfreeze(state.epoch());
        task.model().train(true);
        double loss = backward(group, weight, state.epoch());

        double scaled = scale == null ? 1 : scale.scale();
        double norm = GradientNorm.of(trained) / scaled;
        boolean overflowed = overflowed(loss, norm, state.step() + 1);
        String skipped = overflowed ? null : notFinite(loss, norm, state, group);
        // As in the reference, a step that the scale left out does not count for the schedule.
        double rate = rates.at(state.step() - (scale == null ? 0 : scale.skipped()));
        if (skipped == null && !overflowed) {
            optimizer.step(rate, GradientNorm.clipFactor(norm, args.maxGradNorm()) / scaled);
        }
        if (scale != null) scale.update(!Double.isFinite(norm));
        clearGradients();
        String warning = watch.see(state.step() + 1, loss, group);
        if (warning != null) notes.accept(warning);
        return new Made(
                skipped,
                loss,
                norm,
                rate,
                group.size(),
                group.stream().mapToInt(Batch::size).sum(),
                group.stream().mapToLong(Batch::tokens).sum());
    }

    /** Before the first step, and whatever else is computed with the model: its weights stand now as the run begins with them. */
    void begin(TrainingState state) {
        unfreezing.at(state.epoch());
        task.model().keepFrozenCopies(args.precision());
    }

    private void unfreeze(int epoch) {
        if (!unfreezing.at(epoch)) return;
        task.model().keepFrozenCopies(args.precision());
        TrainableParameters now = TrainableParameters.of(task.model());
        notes.accept(String.format(
                Locale.ROOT,
                "From epoch %d on %,d of %,d parameters are trained.",
                epoch + 1,
                now.trained(),
                parameters));
    }

    /** Whether there were steps, but no label in any of their batches. */
    boolean hadNothingToLearn() {
        return made > 0 && learnedFrom == 0;
    }

    /** Whether gradients overflowed because of the scale. That is how it is found, and no fault of data or weights. */
    private boolean overflowed(double loss, double norm, int step) {
        if (scale == null || scale.isAtFloor() || !Double.isFinite(loss) || Double.isFinite(norm)) return false;
        notes.accept(String.format(
                Locale.ROOT,
                "Step %d: a gradient overflowed float16 at the loss scale %.0f, so no update was made%s.",
                step,
                scale.scale(),
                scale.skipped() > 0
                        ? ""
                        : " and the scale is halved. That is how fp16 finds its scale; it happens now and then"));
        return true;
    }

    /** @throws DivergedException if the scale left out every step */
    void requireUpdates(TrainingState state) {
        // A run whose losses were never finite has a sentence of its own.
        if (scale == null || scale.skipped() < state.step() || state.skipped() == state.step()) return;
        throw new DivergedException("None of " + state.step() + " steps made an update, because a gradient overflowed"
                + " float16 in each of them, so nothing was learned. Train for more steps, or with bf16.");
    }

    /** Forward and backward of a group, in parts where it does not fit into memory; returns its mean loss. */
    private double backward(List<Batch> group, double weight, int epoch) {
        while (true) {
            try {
                group.forEach(batch -> measure(batch, weight, epoch));
                double loss = 0;
                for (Batch batch : group) {
                    for (Batch part : micro.cut(batch, epoch)) loss += backward(part, weight);
                }
                return loss;
            } catch (TensorException e) {
                if (!e.isOutOfMemory()) throw e;
                micro.tooLarge(group, e);
                clearGradients(); // what was added up before the failure
            }
        }
    }

    private void measure(Batch batch, double weight, int epoch) {
        if (!micro.wantsMeasuring(batch, parameters, trainedValues)) return;
        micro.measure(batch, epoch, trainedValues, part -> backward(part, weight));
        clearGradients();
    }

    private void clearGradients() {
        trained.forEach(parameter -> parameter.value().clearGrad());
    }

    /** Forward and backward of one batch; returns its share of the group's mean loss. */
    private double backward(Batch batch, double weightOfGroup) {
        try (Scope scope = Scope.open()) {
            Tensor loss = Autocast.run(precision, () -> lossSum(batch)).div(weightOfGroup);
            (scale == null ? loss : loss.mul(scale.scale())).backward();
            return loss.item();
        }
    }

    private Tensor lossSum(Batch batch) {
        return lower == null ? task.lossSum(batch) : lower.above(train, batch, () -> task.lossSum(batch));
    }

    private @Nullable String notFinite(double loss, double norm, TrainingState state, List<Batch> group) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) return null;
        String what = "Step " + (state.step() + 1) + ": the " + (Double.isFinite(loss) ? "gradient" : "loss")
                + " is not a finite number, so the update was not made; "
                + new Culprits(task, train, state.epoch()).of(group, Double.isFinite(loss)) + ".";
        if (state.skippedInRow() < args.maxNonfiniteSteps()) return what;
        throw new DivergedException(what + " Lower learning_rate, add warmup_steps, or check the data.");
    }

    /**
     * The loss of a step tells of the weights before it: nobody has seen those of the last step yet.
     *
     * @throws DivergedException if a weight is not a finite number, or nothing was learned at all
     */
    static void requireFiniteWeights(Task task, TrainingState state) {
        if (state.skipped() > 0 && state.skipped() == state.step()) {
            throw new DivergedException(
                    "None of " + state.step() + " steps made an update, because loss or gradient was never a"
                            + " finite number. Check the data, or lower learning_rate.");
        }
        task.model().parameters().forEach((name, parameter) -> {
            if (parameter.isFinite()) return;
            throw new DivergedException("Step " + state.step() + ": " + name
                    + " holds numbers that are not finite, so the model was not saved. Lower learning_rate, or"
                    + " add warmup_steps.");
        });
    }

    @Override
    public void save(StateDict state) {
        optimizer.save(state);
        micro.save(state.part("micro_batches"));
        watch.save(state.part("loss_watch"));
        if (scale != null) scale.save(state.part("loss_scale"));
    }

    @Override
    public void load(StateDict state) {
        optimizer.load(state);
        micro.load(state.part("micro_batches"));
        watch.load(state.part("loss_watch"));
        if (scale != null) scale.load(state.part("loss_scale"));
    }

    @Override
    public void close() {
        task.model().keepFrozenCopies(DType.FLOAT32);
        task.model().inputEmbeddings().noise(0); // it belongs to this training, as in the reference
        optimizer.close();
    }
}
