package dev.attune.train;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.error.DivergedException;
import dev.attune.nn.Parameter;
import dev.attune.optim.AdamW;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.ParameterGroups;
import dev.attune.optim.Schedule;
import dev.attune.task.Task;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;

/**
 * Makes the updates of a run: forward and backward of a group of batches, the norm of the gradient, a step of the optimizer.
 * Owns the optimizer's memory.
 */
final class Update implements Stateful, AutoCloseable {
    private final TrainingArguments args;
    private final Task task;
    private final Examples train;
    private final List<Parameter> trained;
    private final Schedule schedule;
    private final AdamW optimizer;

    Update(TrainingArguments args, Task task, Examples train, TrainingPlan plan) {
        this.args = args;
        this.task = task;
        this.train = train;
        ParameterGroups groups = ParameterGroups.of(task.model().parameters());
        this.trained = groups.all();
        this.schedule = Schedule.named(
                args.lrSchedulerType().toString(),
                Schedule.warmupSteps(args.warmupSteps(), plan.totalSteps()),
                plan.totalSteps());
        this.optimizer = new AdamW(groups, args.weightDecay(), args.adamBeta1(), args.adamBeta2(), args.adamEpsilon());
    }

    /**
     * One update that was made.
     *
     * @param loss mean over all supervised items of the group
     * @param norm global L2 norm of the gradient before clipping
     * @param rate the learning rate that was used
     * @param batches of the group
     * @param samples examples of the group
     * @param tokens of the group
     */
    record Made(double loss, double norm, double rate, int batches, int samples, long tokens) {}

    /**
     * @param group batches whose mean gradient makes one step
     * @param state before the step
     * @throws DivergedException if the loss or the gradient is not a finite number; nothing was changed then
     */
    Made apply(List<Batch> group, TrainingState state) {
        double weight = group.stream().mapToDouble(task::weight).sum();
        // Nothing to learn from, as where all tokens are to be ignored: loss and gradient are 0.
        if (weight == 0) weight = 1;

        task.model().train(true);
        double loss = 0;
        for (Batch batch : group) loss += backward(batch, weight);

        double norm = GradientNorm.of(trained);
        requireFinite(loss, norm, state, group);
        double rate = args.learningRate() * schedule.factor(state.step());
        optimizer.step(rate, GradientNorm.clipFactor(norm, args.maxGradNorm()));
        trained.forEach(parameter -> parameter.value().clearGrad());
        return new Made(
                loss,
                norm,
                rate,
                group.size(),
                group.stream().mapToInt(Batch::size).sum(),
                group.stream().mapToLong(Batch::tokens).sum());
    }

    /** Forward and backward of one batch; returns its share of the group's mean loss. */
    private double backward(Batch batch, double weightOfGroup) {
        try (Scope scope = Scope.open()) {
            Tensor loss =
                    Autocast.run(args.precision(), () -> task.lossSum(batch)).div(weightOfGroup);
            loss.backward();
            return loss.item();
        }
    }

    private void requireFinite(double loss, double norm, TrainingState state, List<Batch> group) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) return;
        throw new DivergedException("Step " + (state.step() + 1) + ": the "
                + (Double.isFinite(loss) ? "gradient" : "loss")
                + " is not a finite number, so the update was not made; "
                + new Culprits(task, train, state.epoch()).of(group)
                + ". Lower learning_rate, add warmup_steps, or check the data.");
    }

    /**
     * The loss of a step tells of the weights before it: nobody has seen those of the last step yet.
     *
     * @throws DivergedException if a weight is not a finite number
     */
    static void requireFiniteWeights(Task task, TrainingState state) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                task.model().parameters().forEach((name, parameter) -> {
                    if (Double.isFinite(parameter.value().norm())) return;
                    throw new DivergedException("Step " + state.step() + ": " + name
                            + " holds numbers that are not finite, so the model was not saved. Lower learning_rate, or"
                            + " add warmup_steps.");
                });
            }
        });
    }

    @Override
    public void save(StateDict state) {
        optimizer.save(state);
    }

    @Override
    public void load(StateDict state) {
        optimizer.load(state);
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
