package dev.attune.train;

import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Examples;
import dev.attune.data.Sampler;
import dev.attune.error.ConfigException;
import dev.attune.error.DivergedException;
import dev.attune.nn.Parameter;
import dev.attune.optim.AdamW;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.ParameterGroups;
import dev.attune.optim.Schedule;
import dev.attune.task.Artifact;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The training loop, with the meaning of every number as in Hugging Face's Trainer: how steps are counted, which rate a
 * step uses, when it logs and evaluates. One difference is deliberate: under gradient accumulation the loss is the mean
 * over all supervised items of the whole group, so that 2 x 8 equals 1 x 16.
 */
public final class Trainer {
    private final TrainingArguments args;
    private final Task task;
    private final Examples train;
    private final EvaluationSet eval;
    private final TrainingListener listener;
    private final Plan plan;

    /** @param eval what to evaluate on; {@link EvaluationSet#NONE} for nothing */
    public Trainer(TrainingArguments args, Task task, Examples train, EvaluationSet eval, TrainingListener listener) {
        this.args = args;
        this.task = task;
        this.train = train;
        this.eval = eval;
        this.listener = listener;
        this.plan = Plan.of(args, train.size());
    }

    /**
     * How long the run is.
     *
     * @param stepsPerEpoch optimizer steps of a whole epoch; a last, smaller group makes a step as well
     * @param totalSteps optimizer steps of the run
     * @param epochs epochs begun, the last one possibly not finished
     */
    public record Plan(int stepsPerEpoch, int totalSteps, int epochs) {
        /** The counting rule of Hugging Face's Trainer. */
        public static Plan of(TrainingArguments args, int examples) {
            int batches = BatchLoader.count(examples, args.perDeviceTrainBatchSize(), args.dataloaderDropLast());
            int stepsPerEpoch = ceilDiv(batches, args.gradientAccumulationSteps());
            double total = args.maxSteps() > 0 ? args.maxSteps() : Math.ceil(args.numTrainEpochs() * stepsPerEpoch);
            if (total > Integer.MAX_VALUE) {
                throw new ConfigException(String.format(
                        Locale.ROOT,
                        "num_train_epochs %s makes %.0f steps, but a run has at most %d. Lower it, or set max_steps.",
                        args.numTrainEpochs(),
                        total,
                        Integer.MAX_VALUE));
            }
            return new Plan(stepsPerEpoch, (int) total, ceilDiv((int) total, stepsPerEpoch));
        }

        private static int ceilDiv(int a, int b) {
            return (int) ((a - 1L + b) / b);
        }
    }

    public Plan plan() {
        return plan;
    }

    /**
     * Outcome of {@link #run}: the mean loss over all steps, and what was measured along the way.
     *
     * @param evaluation of the last evaluation; empty if there was none
     * @param artifacts of the last evaluation
     */
    public record Result(
            double trainLoss,
            int steps,
            double epoch,
            double seconds,
            long samples,
            Map<String, Double> evaluation,
            List<Artifact> artifacts) {}

    /** Trains the task's model from the seed on. */
    public Result run() {
        Rng.seed(args.seed());
        int batchSize = args.perDeviceTrainBatchSize();
        int accumulation = args.gradientAccumulationSteps();
        ParameterGroups groups = ParameterGroups.of(task.model().parameters());
        List<Parameter> trained = groups.all();
        Schedule schedule = Schedule.named(
                args.lrSchedulerType().toString(),
                Schedule.warmupSteps(args.warmupSteps(), plan.totalSteps()),
                plan.totalSteps());
        Sampler sampler = sampler((int) Math.min(train.size(), (long) batchSize * accumulation));
        int logEvery = everySteps(args.loggingSteps());
        int evalEvery = everySteps(args.evalSteps() == null ? args.loggingSteps() : args.evalSteps());
        Throughput throughput = new Throughput(plan.totalSteps());

        double lossSinceLog = 0;
        double lossSum = 0;
        int lastLog = 0;
        int step = 0;
        int evaluatedAt = -1;
        long samples = 0;
        long start = System.nanoTime();
        double epochs = 0;
        Evaluated evaluated = Evaluated.NOTHING;

        try (AdamW optimizer =
                new AdamW(groups, args.weightDecay(), args.adamBeta1(), args.adamBeta2(), args.adamEpsilon())) {
            if (args.evalOnStart() && !eval.isEmpty()) evaluate(0, 0);
            for (int epoch = 0; epoch < plan.epochs() && step < plan.totalSteps(); epoch++) {
                try (BatchLoader loader =
                        BatchLoader.of(train, sampler.order(epoch), batchSize, args.dataloaderDropLast(), epoch)) {
                    Iterator<Batch> batches = loader.iterator();
                    int inEpoch = 0;
                    while (batches.hasNext() && step < plan.totalSteps()) {
                        List<Batch> group = take(batches, accumulation);
                        inEpoch += group.size();
                        double weight = group.stream().mapToDouble(task::weight).sum();
                        // Nothing to learn from, as where all tokens are to be ignored: loss and gradient are 0.
                        if (weight == 0) weight = 1;

                        task.model().train(true);
                        double loss = 0;
                        for (Batch batch : group) loss += backward(batch, weight);

                        double norm = GradientNorm.of(trained);
                        step++;
                        requireFinite(loss, norm, step, epoch, group);
                        double rate = args.learningRate() * schedule.factor(step - 1);
                        optimizer.step(rate, GradientNorm.clipFactor(norm, args.maxGradNorm()));
                        trained.forEach(parameter -> parameter.value().clearGrad());

                        lossSinceLog += loss;
                        lossSum += loss;
                        samples += group.stream().mapToInt(Batch::size).sum();
                        epochs = epoch + (double) inEpoch / loader.batches();
                        boolean last = step == plan.totalSteps();
                        boolean log = step % logEvery == 0 || (args.loggingFirstStep() && step == 1) || last;
                        throughput.step(group);
                        listener.onLog(new LogEvent(
                                step,
                                plan.totalSteps(),
                                epochs,
                                (double) plan.totalSteps() / plan.stepsPerEpoch(),
                                lossSinceLog / (step - lastLog),
                                rate,
                                norm,
                                group.stream().mapToInt(Batch::size).sum(),
                                group.stream().mapToLong(Batch::tokens).sum(),
                                throughput.tokensPerSecond(),
                                throughput.realShare(),
                                Native.residentBytes(),
                                throughput.etaSeconds(step),
                                log));
                        if (log) {
                            lossSinceLog = 0;
                            lastLog = step;
                        }
                        boolean endOfEpoch = !batches.hasNext();
                        boolean due = switch (args.evalStrategy()) {
                            case STEPS -> step % evalEvery == 0 || last;
                            case EPOCH -> endOfEpoch || last;
                            case NO -> false;
                        };
                        if (due && !eval.isEmpty() && evaluatedAt != step) {
                            evaluated = evaluate(step, epochs);
                            evaluatedAt = step;
                            throughput.pause();
                        }
                    }
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        // A model that was not trained must not be taken for one that was.
        if (step < plan.totalSteps()) {
            throw new IllegalStateException("the run ended after step " + step + " of " + plan.totalSteps());
        }
        requireFiniteWeights(task.model().parameters(), step);
        if (!eval.isEmpty() && evaluatedAt != step) evaluated = evaluate(step, epochs);
        return new Result(lossSum / step, step, epochs, seconds, samples, evaluated.results(), evaluated.artifacts());
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

    private Evaluated evaluate(int step, double epoch) {
        Evaluated evaluated = Evaluator.evaluate(task, eval, args.perDeviceEvalBatchSize(), args.precision(), "eval_");
        listener.onEvaluate(new EvaluationEvent(step, epoch, evaluated.results()));
        return evaluated;
    }

    /** {@code data_seed} is for the random order only, as in the reference. */
    private Sampler sampler(int groupSize) {
        return switch (args.trainSamplingStrategy()) {
            case SEQUENTIAL -> Sampler.sequential(train.size());
            case GROUP_BY_LENGTH -> Sampler.groupByLength(train.lengths(), groupSize, args.seed());
            case RANDOM -> Sampler.random(train.size(), args.dataSeed() == null ? args.seed() : args.dataSeed());
        };
    }

    /** A number of steps from 1 on; below 1 a share of the run, rounded up. */
    private int everySteps(double value) {
        return value >= 1 ? (int) value : Math.max(1, (int) Math.ceil(plan.totalSteps() * value));
    }

    private static List<Batch> take(Iterator<Batch> batches, int count) {
        List<Batch> taken = new ArrayList<>();
        while (taken.size() < count && batches.hasNext()) taken.add(batches.next());
        return taken;
    }

    /** The loss of a step tells of the weights before it: nobody has seen those of the last step yet. */
    private static void requireFiniteWeights(Map<String, Parameter> parameters, int step) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                parameters.forEach((name, parameter) -> {
                    if (Double.isFinite(parameter.value().norm())) return;
                    throw new DivergedException("Step " + step + ": " + name
                            + " holds numbers that are not finite, so the model was not saved. Lower learning_rate, or"
                            + " add warmup_steps.");
                });
            }
        });
    }

    private void requireFinite(double loss, double norm, int step, int epoch, List<Batch> group) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) return;
        throw new DivergedException("Step " + step + ": the " + (Double.isFinite(loss) ? "gradient" : "loss")
                + " is not a finite number, so the update was not made; "
                + new Culprits(task, train, epoch).of(group)
                + ". Lower learning_rate, add warmup_steps, or check the data.");
    }
}
