package dev.attune.train;

import dev.attune.adapt.Freezing;
import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.io.ByteSize;
import dev.attune.optim.GroupRules;
import dev.attune.optim.LearningRate;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.ScheduleArguments;
import dev.attune.task.ClassWeights;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.DType;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to train. Names, defaults and meanings are those of Hugging Face's {@code TrainingArguments} (version 5); a key of
 * theirs that is missing here is not supported yet, and asking for it says so.
 *
 * <pre>{@code
 * TrainingArguments arguments = TrainingArguments.builder()
 *         .outputDir(Path.of("runs/sst2"))
 *         .learningRate(5e-5)
 *         .numTrainEpochs(3)
 *         .build();
 * }</pre>
 *
 * <p>Make one with {@link #builder()}. Ranges and combinations are checked, and all mistakes told at once, in a {@link
 * dev.attune.error.ConfigException}. Each component is documented by its {@link Argument}; {@code attune explain KEY}
 * prints the same text.
 */
@RecordBuilder
public record TrainingArguments(
        @Argument(
                group = Groups.RUN,
                initial = "trainer_output",
                flags = "--output",
                common = true,
                example = "runs/my-model",
                doc = "Folder for the run and the final model. Relative to the working directory.")
        Path outputDir,

        @Argument(example = "first-try", doc = "A name for the run, for your own records.") @Nullable
        String runName,

        @Argument(
                group = Groups.DURATION,
                initial = "3.0",
                range = "(0, inf)",
                common = true,
                doc = "How often to go through the training data. May be fractional; max_steps overrides it.")
        double numTrainEpochs,

        @Argument(
                initial = "-1",
                range = "[-1, inf)",
                example = "1000",
                doc = "Number of optimizer steps. If positive it overrides num_train_epochs; -1 means that the epochs"
                        + " decide.")
        int maxSteps,

        @Argument(
                initial = "8",
                range = "[1, inf)",
                common = true,
                doc = "Examples in one training batch. With gradient_accumulation_steps it gives the examples of one"
                        + " optimizer step.")
        int perDeviceTrainBatchSize,

        @Argument(
                initial = "8",
                range = "[1, inf)",
                doc = "Examples in one evaluation batch. The evaluation loss is the mean of such batches, as in Hugging"
                        + " Face's Trainer; how many examples are computed at once is decided by their lengths.")
        int perDeviceEvalBatchSize,

        @Argument(
                initial = "1",
                range = "[1, inf)",
                doc = "Batches whose gradients are added up for one optimizer step. Large steps in little memory.")
        int gradientAccumulationSteps,

        @Argument(
                group = Groups.OPTIMIZER,
                initial = "5e-5",
                range = "[0, inf)",
                common = true,
                doc = "Highest learning rate of the run. 2e-5 to 5e-5 suits BERT-sized models, 1e-4 and more small"
                        + " ones.")
        double learningRate,

        @Argument(
                range = "[0, inf)",
                example = "1e-3",
                doc =
                        "Learning rate of the head, the new layers on top of the pretrained ones. It rises and falls with the"
                                + " schedule, like learning_rate, which is that of all else.")
        @Nullable
        Double headLearningRate,

        @Argument(
                initial = "1.0",
                range = "(0, 1]",
                example = "0.9",
                doc =
                        "Each layer below the head has the learning rate of the one above it times this. The embeddings have"
                                + " the lowest. 1 is off; head and pooler have learning_rate.")
        double layerLearningRateDecay,

        @Argument(
                example = "classifier=1e-3",
                doc =
                        "Learning rates of some parameters, as a list of NAME=RATE. A name is a part of those of parameters"
                                + " between dots: embeddings, or layer.1, and * stands for anything. They rise and fall with the"
                                + " schedule; of several that fit the last one counts.")
        List<String> learningRates,

        @Argument(
                initial = "linear",
                doc = "How the learning rate goes down after the warm-up. linear falls to 0 at the last step, cosine"
                        + " falls to 0 along half a cosine, cosine_with_restarts does so several times, polynomial falls to"
                        + " lr_end, inverse_sqrt with the root of the steps, constant_with_warmup stays, constant stays and"
                        + " ignores warmup_steps, cosine_with_min_lr and cosine_warmup_with_min_lr fall to a lowest rate,"
                        + " warmup_stable_decay stays and falls at the end. reduce_lr_on_plateau and greedy go by the"
                        + " evaluations, with metric_for_best_model, and have no warm-up. lr_scheduler_kwargs has their"
                        + " arguments; attune explain lr_scheduler_type draws them.")
        SchedulerType lrSchedulerType,

        @Argument(
                example = "num_cycles=2",
                doc =
                        "Arguments of the schedule. As keys below it, or in one line: num_cycles=2, or JSON. A schedule refuses"
                                + " those of another one.")
        @Nullable
        ScheduleArguments lrSchedulerKwargs,

        @Argument(
                initial = "0",
                range = "[0, inf)",
                wholeFromOne = true,
                example = "0.1",
                doc = "Steps in which the learning rate rises from 0. Below 1 it is a share of all steps.")
        double warmupSteps,

        @Argument(
                initial = "adamw_torch_fused",
                aliases = {"adamw_torch=adamw_torch_fused", "lion=lion_32bit"},
                later = {
                    "adamw_torch_8bit",
                    "adamw_bnb_8bit",
                    "adamw_8bit",
                    "lion_8bit",
                    "paged_adamw_32bit",
                    "paged_adamw_8bit",
                    "galore_adamw",
                    "lomo",
                    "adalomo",
                    "grokadamw",
                    "schedule_free_adamw",
                    "muon",
                    "stable_adamw"
                },
                doc =
                        "The optimizer. adamw_torch_fused, or adamw_torch, is AdamW; adam is Adam as in torch; sgd, rmsprop"
                                + " and adagrad take optim_args; adafactor needs the least memory of those that adapt to each"
                                + " parameter; lion_32bit, or lion, goes by the signs of gradients and wants a tenth of AdamW's"
                                + " learning rate.")
        OptimizerNames optim,

        @Argument(
                example = "momentum=0.9",
                doc =
                        "Arguments of the optimizer. As keys below it, or in one line: momentum=0.9,nesterov=true, or JSON. An"
                                + " optimizer refuses those of another one.")
        @Nullable
        OptimizerArguments optimArgs,

        @Argument(
                initial = "0.0",
                range = "[0, inf)",
                example = "0.01",
                doc = "Weight decay. Pulls all parameters towards zero except biases and normalisation weights."
                        + " Decoupled from the gradient for AdamW, Adafactor and Lion; added to it (L2) for Adam, RMSprop,"
                        + " SGD and Adagrad.")
        double weightDecay,

        @Argument(
                example = "embeddings=0",
                doc = "Weight decay of some parameters, as a list of NAME=DECAY. Names as in learning_rates. Biases and"
                        + " normalisation weights never have any.")
        List<String> weightDecays,

        @Argument(
                initial = "0.9",
                range = "[0, 1)",
                doc = "Decay of the mean of gradients. For AdamW and Adam; for Lion the share of that mean in a step.")
        double adamBeta1,

        @Argument(
                initial = "0.999",
                range = "[0, 1)",
                doc =
                        "Decay of the mean of squared gradients. For AdamW and Adam; for Lion that of the mean of gradients.")
        double adamBeta2,

        @Argument(
                initial = "1e-8",
                range = "[0, inf)",
                doc = "Addend to the denominator, against division by zero. For AdamW and Adam.")
        double adamEpsilon,

        @Argument(
                initial = "1.0",
                doc = "Gradients are scaled down to this global L2 norm. 0 or less switches clipping off.")
        double maxGradNorm,

        @Argument(
                initial = "3",
                range = "[0, inf)",
                doc =
                        "Steps in a row that may be left out because loss or gradient is not a finite number. One more ends the"
                                + " run with exit code 5; the run says which rows were in such a step.")
        int maxNonfiniteSteps,

        @Argument(
                initial = "0.0",
                range = "[0, 1)",
                example = "0.1",
                doc =
                        "Share of the target that is spread over all classes. For one label a row, for tags of tokens, and for hidden"
                                + " words.")
        double labelSmoothingFactor,

        @Argument(
                range = "[0, inf)",
                example = "5",
                doc =
                        "NEFTune: add noise to the embeddings of words in training. Each number changes by at most this one,"
                                + " divided by the root of the text's length times the hidden size. Usual are 5 to 15.")
        @Nullable
        Double neftuneNoiseAlpha,

        @Argument(
                range = "[0, 1)",
                example = "0.99",
                doc =
                        "Average the weights of all steps, each step's share falling by this factor. Evaluations, the best"
                                + " model and the saved one have the averaged weights; the training goes on with its own. About"
                                + " 1 / (1 - ema_decay) steps count, so take a tenth of the run's steps or fewer.")
        @Nullable
        Double emaDecay,

        @Argument(
                group = Groups.FREEZING,
                example = "embeddings, encoder.layer[:10]",
                doc =
                        "What stays as it is: names of modules or parameters. encoder.layer[:10] are the first ten layers, as in"
                                + " Python, encoder.layer[-1] is the last one; *.bias is a pattern; base is all but the head;"
                                + " all_but_last=2 is the embeddings and all layers but the last two.")
        List<String> freeze,

        @Argument(
                range = "[1, inf)",
                example = "1",
                doc =
                        "Gradual unfreezing. Before each epoch but the first so many of the frozen layers are trained too, from"
                                + " the top down; the embeddings count as one.")
        @Nullable
        Integer unfreezeLayersPerEpoch,

        @Argument(
                initial = "compute",
                doc =
                        "What to do with frozen layers below all that is trained. compute runs them in every step, as Hugging Face"
                                + " does. cache runs them once, without dropout, and keeps what they give.")
        FrozenPrefixMode frozenPrefix,

        @Argument(
                group = Groups.DEVICE,
                initial = "false",
                common = true,
                doc =
                        "Compute in bfloat16 where that is safe, keeping weights and optimizer state in float32. Faster on"
                                + " processors with bfloat16 instructions, slower on others.")
        boolean bf16,

        @Argument(
                initial = "false",
                doc =
                        "Compute in float16 where that is safe, with a loss scale that is found by trying. Slower than in 32"
                                + " bits on most processors; bf16 needs no scale.")
        boolean fp16,

        @Argument(
                example = "auto",
                doc = "bf16 and fp16 in one key, or what the hardware does fast. auto is bf16 on processors with"
                        + " instructions for it, else no; the run says which and why, and records it.")
        @Nullable
        MixedPrecision mixedPrecision,

        @Argument(
                initial = "false",
                doc = "Evaluate with all weights in bfloat16, not the products alone. The weights that are trained and"
                        + " saved stay as they are.")
        boolean bf16FullEval,

        @Argument(
                initial = "false",
                doc = "Evaluate with all weights in float16, not the products alone. The weights that are trained and"
                        + " saved stay as they are.")
        boolean fp16FullEval,

        @Argument(
                initial = "false",
                doc =
                        "Keep less in memory for the backward pass and compute the layers a second time there. About a third"
                                + " slower; the numbers are the same.")
        boolean gradientCheckpointing,

        @Argument(
                example = "6GB",
                doc =
                        "Memory that the process may take, heap included. A batch that would need more is computed in parts, with"
                                + " the same result. Without a value that of the container or the machine.")
        @Nullable
        String maxMemory,

        @Argument(
                initial = "false",
                doc =
                        "Train on the CPU even if a GPU is there. This version always does, so the key changes nothing yet.")
        boolean useCpu,

        @Argument(
                group = Groups.LOGGING,
                initial = "steps",
                doc =
                        "When to record the training loss in metrics.jsonl. steps: after every logging_steps; epoch: after"
                                + " every epoch; no: never.")
        IntervalStrategy loggingStrategy,

        @Argument(
                initial = "500",
                range = "(0, inf)",
                wholeFromOne = true,
                doc = "Steps from one record in metrics.jsonl to the next. Below 1 it is a share of all steps.")
        double loggingSteps,

        @Argument(initial = "false", doc = "Record the first step too.")
        boolean loggingFirstStep,

        @Argument(
                initial = "none",
                later = {
                    "all",
                    "azure_ml",
                    "clearml",
                    "codecarbon",
                    "comet_ml",
                    "dagshub",
                    "dvclive",
                    "flyte",
                    "kubeflow",
                    "mlflow",
                    "neptune",
                    "swanlab",
                    "trackio",
                    "wandb"
                },
                doc =
                        "Who else gets the records of metrics.jsonl. tensorboard writes an event file for TensorBoard into the"
                                + " folder of the run.")
        ReportTo reportTo,

        @Argument(
                group = Groups.EVALUATION,
                initial = "no",
                doc = "When to evaluate on the validation data. A recipe or command line that has validation data and"
                        + " does not set this key evaluates after every epoch (or every eval_steps, if those are set);"
                        + " Hugging Face would not evaluate.")
        IntervalStrategy evalStrategy,

        @Argument(
                range = "(0, inf)",
                wholeFromOne = true,
                example = "200",
                doc = "Steps from one evaluation to the next, for eval_strategy steps. Below 1 it is a share of all"
                        + " steps; without a value logging_steps is taken.")
        @Nullable
        Double evalSteps,

        @Argument(initial = "false", doc = "Evaluate before the first step too.")
        boolean evalOnStart,

        @Argument(
                initial = "0",
                range = "[0, inf)",
                example = "2",
                doc = "Steps (or epochs, for eval_strategy epoch) that have to be done before the first evaluation.")
        double evalDelay,

        @Argument(
                example = "accuracy",
                doc =
                        "The metric that tells which model is the best one. A name of all_results.json, with or without eval_; loss"
                                + " if something asks for the best model and the key is not set.")
        @Nullable
        String metricForBestModel,

        @Argument(
                example = "true",
                doc =
                        "Whether more of metric_for_best_model is better. Without a value: yes, unless its name ends in loss.")
        @Nullable
        Boolean greaterIsBetter,

        @Argument(
                initial = "false",
                doc =
                        "Take the best model, by metric_for_best_model, and not the last one at the end. Its checkpoint has to"
                                + " be there, so save_strategy has to be best or that of eval_strategy.")
        boolean loadBestModelAtEnd,

        @Argument(
                range = "[1, inf)",
                example = "3",
                doc =
                        "End the training after so many evaluations in a row that were no better. Better than the best one"
                                + " before, by metric_for_best_model. Hugging Face's EarlyStoppingCallback.")
        @Nullable
        Integer earlyStoppingPatience,

        @Argument(
                initial = "0.0",
                range = "[0, inf)",
                example = "0.001",
                doc = "What an evaluation has to be better by, to count for early_stopping_patience.")
        double earlyStoppingThreshold,

        @Argument(
                group = Groups.SAVING,
                initial = "steps",
                doc =
                        "When to save a checkpoint, from which an interrupted run goes on. steps saves after every save_steps,"
                                + " epoch after every epoch, both after the last step too; best after an evaluation that is the best"
                                + " so far, by metric_for_best_model; no never saves one.")
        SaveStrategy saveStrategy,

        @Argument(
                initial = "500",
                range = "(0, inf)",
                wholeFromOne = true,
                doc = "Steps from one checkpoint to the next, for save_strategy steps. Below 1 it is a share of all"
                        + " steps.")
        double saveSteps,

        @Argument(
                range = "[1, inf)",
                example = "2",
                doc = "How many checkpoints to keep; the oldest are removed. Without a value all of them.")
        @Nullable
        Integer saveTotalLimit,

        @Argument(
                group = Groups.ORDER,
                initial = "42",
                range = "[0, 4294967295]",
                doc = "Seed of everything random: new weights, dropout, and the order of examples.")
        long seed,

        @Argument(
                range = "[0, 4294967295]",
                example = "7",
                doc = "Seed of the order of examples, if it should differ from seed. For the order random only, as in"
                        + " Hugging Face's Trainer.")
        @Nullable
        Long dataSeed,

        @Argument(
                initial = "random",
                later = "batch_rebalance",
                doc = "Order of the training examples. group_by_length puts examples of about the same length into one"
                        + " batch, sequential keeps the order of the file.")
        SamplingStrategy trainSamplingStrategy,

        @Argument(initial = "false", doc = "Leave out the last batch of an epoch if it is not full.")
        boolean dataloaderDropLast,

        @Argument(
                group = Groups.IMBALANCE,
                example = "balanced",
                doc =
                        "Show the model small classes more often: balanced, or a share of the largest class. With 0.5 each class"
                                + " counts as if it had at least half as many rows as the largest one.")
        @Nullable
        Oversample oversample,

        @Argument(
                initial = "sampling",
                doc =
                        "How oversample shows them more often. sampling draws as many rows as there are, with replacement, as"
                                + " torch's WeightedRandomSampler does; duplication takes every row and repeats those of small classes,"
                                + " which makes epochs longer.")
        OversampleBy oversampleBy) {

    public static final ArgumentSchema SCHEMA = ArgumentSchema.of(TrainingArguments.class);

    private static final TrainingArguments DEFAULTS = SCHEMA.create(TrainingArguments.class, Map.of());

    public TrainingArguments {
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(outputDir, runName, numTrainEpochs, maxSteps, perDeviceTrainBatchSize)
                .next(perDeviceEvalBatchSize, gradientAccumulationSteps, learningRate)
                .next(headLearningRate, layerLearningRateDecay, learningRates, lrSchedulerType)
                .next(ScheduleArguments.keyValues(lrSchedulerKwargs))
                .next(warmupSteps, optim)
                .next(OptimizerArguments.keyValues(optimArgs))
                .next(weightDecay, weightDecays, adamBeta1, adamBeta2, adamEpsilon, maxGradNorm)
                .next(
                        maxNonfiniteSteps,
                        labelSmoothingFactor,
                        neftuneNoiseAlpha,
                        emaDecay,
                        freeze,
                        unfreezeLayersPerEpoch,
                        frozenPrefix,
                        bf16,
                        fp16,
                        mixedPrecision,
                        bf16FullEval,
                        fp16FullEval,
                        gradientCheckpointing,
                        maxMemory,
                        useCpu,
                        loggingStrategy,
                        loggingSteps,
                        loggingFirstStep,
                        reportTo)
                .next(evalStrategy, evalSteps, evalOnStart, evalDelay, metricForBestModel, greaterIsBetter)
                .next(loadBestModelAtEnd, earlyStoppingPatience, earlyStoppingThreshold)
                .next(
                        saveStrategy,
                        saveSteps,
                        saveTotalLimit,
                        seed,
                        dataSeed,
                        trainSamplingStrategy,
                        dataloaderDropLast)
                .next(null, oversample == null ? null : oversample.to(), oversampleBy);
        if (maxMemory != null && ByteSize.parse(maxMemory).isEmpty()) {
            wrong.add(
                    "max_memory is \"" + maxMemory
                            + "\", but a size such as 6GB, 800M or 1048576 (bytes) was expected.",
                    "max_memory");
        }
        freeze = List.copyOf(freeze);
        Freezing.mistakes(freeze).forEach(sentence -> wrong.add(sentence, "freeze"));
        TrainingRules.frozenPrefix(wrong, frozenPrefix, neftuneNoiseAlpha);
        TrainingRules.precision(wrong, bf16, fp16, mixedPrecision, bf16FullEval && fp16FullEval);
        TrainingRules.check(wrong, maxSteps, evalStrategy, evalSteps);
        if (loadBestModelAtEnd) {
            double between = evalSteps == null ? loggingSteps : evalSteps;
            TrainingRules.best(wrong, evalStrategy, between, saveStrategy, saveSteps);
        }
        TrainingRules.evaluates(wrong, evalStrategy, saveStrategy, earlyStoppingPatience);
        TrainingRules.schedule(wrong, lrSchedulerType, lrSchedulerKwargs, learningRate);
        TrainingRules.optimizer(wrong, optim, optimArgs);
        learningRates = List.copyOf(learningRates);
        weightDecays = List.copyOf(weightDecays);
        TrainingRules.groups(wrong, learningRate, headLearningRate, learningRates, weightDecays);
        boolean isGreaterBetter = BestModel.isGreaterBetter(metricForBestModel, greaterIsBetter);
        TrainingRules.scheduleByEvaluations(wrong, lrSchedulerType, lrSchedulerKwargs, evalStrategy, isGreaterBetter);
        TrainingRules.oversampling(wrong, oversample, oversampleBy, trainSamplingStrategy);
        wrong.throwIfAny();
    }

    /** Keys and their documentation. */
    public static ArgumentSchema schema() {
        return SCHEMA;
    }

    /** The type of the matrix products: that of {@code bf16}, {@code fp16} or {@code mixed_precision}. */
    public DType precision() {
        if (mixedPrecision != null) return mixedPrecision.type();
        return bf16 ? DType.BFLOAT16 : fp16 ? DType.FLOAT16 : DType.FLOAT32;
    }

    /** The type of all weights in an evaluation: that of {@code bf16_full_eval} or {@code fp16_full_eval}. */
    public DType evaluationWeights() {
        return bf16FullEval ? DType.BFLOAT16 : fp16FullEval ? DType.FLOAT16 : DType.FLOAT32;
    }

    /** These with {@code mixed_precision: auto} replaced by what it is on this machine. */
    public TrainingArguments forThisMachine() {
        if (mixedPrecision != MixedPrecision.AUTO) return this;
        return toBuilder().mixedPrecision(mixedPrecision.on(Cpu.here())).build();
    }

    /** Whether anything asks which evaluation was the best one, by {@link #metricForBestModel}. */
    public boolean comparesEvaluations() {
        return loadBestModelAtEnd
                || metricForBestModel != null
                || saveStrategy == SaveStrategy.BEST
                || earlyStoppingPatience != null
                || LearningRate.needsEvaluations(lrSchedulerType.toString());
    }

    /** All values by YAML key, as texts, numbers, booleans and nulls: what {@code run.json} records. */
    public Map<String, @Nullable Object> toMap() {
        return SCHEMA.values(this);
    }

    /** What the schedule takes besides, or its defaults. */
    public ScheduleArguments scheduleArguments() {
        return lrSchedulerKwargs == null ? ScheduleArguments.NONE : lrSchedulerKwargs;
    }

    /** What learning rate and weight decay each parameter gets. */
    public GroupRules groupRules() {
        return new GroupRules(
                learningRate, weightDecay, headLearningRate, layerLearningRateDecay, learningRates, weightDecays);
    }

    /** What the optimizer takes besides, or its defaults. */
    public OptimizerArguments optimizerArguments() {
        return optimArgs == null ? OptimizerArguments.NONE : optimArgs;
    }

    /** A builder that has the defaults. */
    public static TrainingArgumentsBuilder builder() {
        return TrainingArgumentsBuilder.builder(DEFAULTS);
    }

    /** A builder that has these values. */
    public TrainingArgumentsBuilder toBuilder() {
        return TrainingArgumentsBuilder.builder(this);
    }

    /** The headings of the reference page. */
    public static final class Groups {
        public static final String JOB = "Job";
        public static final String DATA = "Data";
        public static final String RUN = "Run folder";
        public static final String DURATION = "Duration and batches";
        public static final String OPTIMIZER = OptimizerArguments.GROUP;
        public static final String FREEZING = "Freezing";
        public static final String DEVICE = "Device and precision";
        public static final String LOGGING = "Logging";
        public static final String EVALUATION = "Evaluation";
        public static final String SAVING = "Saving";
        public static final String ORDER = "Seeds and order";
        public static final String IMBALANCE = ClassWeights.GROUP;

        private Groups() {}
    }
}
