package dev.attune.train;

import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Example;
import dev.attune.data.Sampler;
import dev.attune.error.ConfigException;
import dev.attune.error.DivergedException;
import dev.attune.metric.MeanLoss;
import dev.attune.nn.Parameter;
import dev.attune.optim.AdamW;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.ParameterGroups;
import dev.attune.optim.Schedule;
import dev.attune.task.TrainableTask;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, with the meaning of every number as in Hugging Face's Trainer: how steps are counted, which rate a
 * step uses, when it logs and evaluates. One difference is deliberate: under gradient accumulation the loss is the mean
 * over all supervised items of the whole group, so that 2 x 8 equals 1 x 16.
 */
public final class Trainer {
    private final TrainingArguments args;
    private final TrainableTask task;
    private final List<Example> train;
    private final List<Example> eval;
    private final TrainingListener listener;
    private final Plan plan;

    /** @param eval examples to evaluate on; empty for none */
    public Trainer(
            TrainingArguments args,
            TrainableTask task,
            List<Example> train,
            List<Example> eval,
            TrainingListener listener) {
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
            int batch = args.perDeviceTrainBatchSize();
            int batches = args.dataloaderDropLast() ? examples / batch : ceilDiv(examples, batch);
            if (batches == 0) {
                throw new ConfigException("dataloader_drop_last leaves no batch: " + examples
                        + " examples do not fill one of per_device_train_batch_size " + batch + ".");
            }
            int stepsPerEpoch = ceilDiv(batches, args.gradientAccumulationSteps());
            int total = args.maxSteps() > 0 ? args.maxSteps() : (int) Math.ceil(args.numTrainEpochs() * stepsPerEpoch);
            return new Plan(stepsPerEpoch, total, ceilDiv(total, stepsPerEpoch));
        }

        private static int ceilDiv(int a, int b) {
            return (a + b - 1) / b;
        }
    }

    public Plan plan() {
        return plan;
    }

    /** Outcome of {@link #run}: the mean loss over all steps, and what was measured along the way. */
    public record Result(
            double trainLoss,
            int steps,
            double epoch,
            double seconds,
            long samples,
            Map<String, Double> evaluation,
            TrainableTask.@Nullable Evaluation lastEvaluation) {}

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
        Sampler sampler = sampler(batchSize * accumulation);
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
        Map<String, Double> evaluation = Map.of();
        TrainableTask.@Nullable Evaluation lastEvaluation = null;

        try (AdamW optimizer =
                new AdamW(groups, args.weightDecay(), args.adamBeta1(), args.adamBeta2(), args.adamEpsilon())) {
            if (args.evalOnStart() && !eval.isEmpty()) evaluate(task.evaluation(), 0, 0);
            for (int epoch = 0; epoch < plan.epochs() && step < plan.totalSteps(); epoch++) {
                try (BatchLoader loader =
                        BatchLoader.of(train, sampler.order(epoch), batchSize, args.dataloaderDropLast())) {
                    Iterator<Batch> batches = loader.iterator();
                    for (int inEpoch = 1; batches.hasNext() && step < plan.totalSteps(); inEpoch++) {
                        List<Batch> group = take(batches, accumulation);
                        int items = group.stream().mapToInt(task::items).sum();

                        task.model().train(true);
                        double loss = 0;
                        for (Batch batch : group) loss += backward(batch, items);

                        double norm = GradientNorm.of(trained);
                        step++;
                        requireFinite(loss, norm, step, group);
                        double rate = args.learningRate() * schedule.factor(step - 1);
                        optimizer.step(rate, GradientNorm.clipFactor(norm, args.maxGradNorm()));
                        trained.forEach(parameter -> parameter.value().clearGrad());

                        lossSinceLog += loss;
                        lossSum += loss;
                        samples += group.stream().mapToInt(Batch::size).sum();
                        double epochs = epoch + Math.min(1.0, (double) inEpoch / plan.stepsPerEpoch());
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
                            lastEvaluation = task.evaluation();
                            evaluation = evaluate(lastEvaluation, step, epochs);
                            evaluatedAt = step;
                            throughput.pause();
                        }
                    }
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        requireFiniteWeights(task.model().parameters(), step);
        if (!eval.isEmpty() && evaluatedAt != step) {
            lastEvaluation = task.evaluation();
            evaluation = evaluate(lastEvaluation, step, (double) step / plan.stepsPerEpoch());
        }
        return new Result(
                lossSum / step,
                step,
                (double) step / plan.stepsPerEpoch(),
                seconds,
                samples,
                evaluation,
                lastEvaluation);
    }

    /** Forward and backward of one batch; returns its share of the group's mean loss. */
    private double backward(Batch batch, int itemsOfGroup) {
        try (Scope scope = Scope.open()) {
            Tensor loss = Autocast.run(
                            precision(), () -> task.lossSum(task.forward(batch), batch, args.labelSmoothingFactor()))
                    .div(itemsOfGroup);
            loss.backward();
            return loss.item();
        }
    }

    private Map<String, Double> evaluate(TrainableTask.Evaluation metrics, int step, double epoch) {
        Map<String, Double> results =
                evaluate(task, metrics, eval, args.perDeviceEvalBatchSize(), precision(), "eval_");
        listener.onEvaluate(new EvaluationEvent(step, epoch, results));
        return results;
    }

    /**
     * One pass over {@code examples} without gradients, in order. Memory does not grow with their number.
     *
     * @param prefix of the names in the result, {@code eval_}
     */
    public static Map<String, Double> evaluate(
            TrainableTask task,
            TrainableTask.Evaluation metrics,
            List<Example> examples,
            int batchSize,
            DType precision,
            String prefix) {
        long start = System.nanoTime();
        MeanLoss loss = new MeanLoss();
        task.model().train(false);
        int batches = 0;
        try (BatchLoader loader =
                BatchLoader.of(examples, Sampler.sequential(examples.size()).order(0), batchSize, false)) {
            for (Batch batch : loader) {
                batches++;
                Grad.off(() -> {
                    try (Scope scope = Scope.open()) {
                        Tensor logits = Autocast.run(precision, () -> task.forward(batch));
                        loss.add(task.lossSum(logits, batch, 0).item() / task.items(batch), batch.size());
                        metrics.add(logits, batch);
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Double> results = new LinkedHashMap<>();
        results.put(prefix + "loss", loss.value());
        metrics.results().forEach((name, value) -> results.put(prefix + name, value));
        results.put(prefix + "runtime", seconds);
        results.put(prefix + "samples_per_second", examples.size() / seconds);
        results.put(prefix + "steps_per_second", batches / seconds);
        return results;
    }

    private DType precision() {
        return args.bf16() ? DType.BFLOAT16 : DType.FLOAT32;
    }

    /** {@code data_seed} is for the random order only, as in the reference. */
    private Sampler sampler(int groupSize) {
        return switch (args.trainSamplingStrategy()) {
            case SEQUENTIAL -> Sampler.sequential(train.size());
            case GROUP_BY_LENGTH ->
                Sampler.groupByLength(
                        train.stream().mapToInt(example -> example.ids().length).toArray(), groupSize, args.seed());
            case RANDOM -> Sampler.random(train.size(), args.dataSeed() == null ? args.seed() : args.dataSeed());
        };
    }

    /** A number of steps from 1 on; below 1 a share of the run, rounded up. */
    private int everySteps(double value) {
        return value >= 1 ? (int) value : Math.max(1, (int) Math.ceil(plan.totalSteps() * value));
    }

    private static List<Batch> take(Iterator<Batch> batches, int count) {
        List<Batch> taken = new ArrayList<>(count);
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

    private static void requireFinite(double loss, double norm, int step, List<Batch> group) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) return;
        throw new DivergedException("Step " + step + ": the " + (Double.isFinite(loss) ? "gradient" : "loss")
                + " is not a finite number, so the update was not made; the first row of the batch is row "
                + (group.get(0).rows()[0] + 1) + " of the training data. Lower learning_rate, add warmup_steps, or"
                + " check that row.");
    }
}
