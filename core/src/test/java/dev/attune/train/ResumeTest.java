package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.data.Sampler;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.optim.OptimizerArguments;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** A run that is taken up from any of its checkpoints ends with the bits of one that was not interrupted. */
class ResumeTest {
    /** What a run leaves: its losses, and its weights. */
    private record Ended(Map<Integer, Double> losses, Trainer.Result result, Map<String, float[]> weights) {}

    static Stream<UnaryOperator<TrainingArgumentsBuilder>> runs() {
        return Stream.of(
                a -> a,
                a -> a.gradientAccumulationSteps(2).weightDecay(0.1),
                a -> a.freeze(List.of("base")).unfreezeLayersPerEpoch(2),
                a -> a.freeze(List.of("base")).unfreezeLayersPerEpoch(2).bf16(true),
                a -> a.trainSamplingStrategy(SamplingStrategy.GROUP_BY_LENGTH).dataloaderDropLast(true),
                a -> a.bf16(true).lrSchedulerType(SchedulerType.COSINE).warmupSteps(0.2),
                a -> a.fp16(true).weightDecay(0.1),
                a -> a.emaDecay(0.9).gradientAccumulationSteps(2),
                a -> a.neftuneNoiseAlpha(5.0));
    }

    static Stream<UnaryOperator<TrainingArgumentsBuilder>> optimizers() {
        return Stream.of(
                a -> a.optim(OptimizerNames.ADAM),
                a -> a.optim(OptimizerNames.ADAM).weightDecay(0.1),
                a -> a.optim(OptimizerNames.RMSPROP),
                a -> a.optim(OptimizerNames.RMSPROP).optimArgs(arguments("momentum=0.5,centered=true")),
                a -> a.optim(OptimizerNames.SGD),
                a -> a.optim(OptimizerNames.SGD).optimArgs(arguments("momentum=0.9,dampening=0.1")),
                a -> a.optim(OptimizerNames.ADAGRAD).optimArgs(arguments("lr_decay=0.1")),
                a -> a.optim(OptimizerNames.ADAFACTOR).weightDecay(0.1),
                a -> a.optim(OptimizerNames.LION_32BIT).weightDecay(0.1),
                a -> a.optim(OptimizerNames.RMSPROP)
                        .headLearningRate(1e-2)
                        .layerLearningRateDecay(0.8)
                        .weightDecay(0.1));
    }

    private static OptimizerArguments arguments(String text) {
        return OptimizerArguments.builder().text(text).build();
    }

    @ParameterizedTest
    @MethodSource({"runs", "optimizers"})
    void endsWithTheSameBits(UnaryOperator<TrainingArgumentsBuilder> change, @TempDir Path run) {
        TrainingArguments args = change.apply(TrainingArguments.builder()
                        .perDeviceTrainBatchSize(3)
                        .numTrainEpochs(2)
                        .learningRate(1e-3)
                        .loggingSteps(2)
                        .saveSteps(1))
                .build();
        Ended undisturbed = train(args, run, null);
        List<Integer> steps = CheckpointSteps.of(run);
        assertThat(steps).hasSize(undisturbed.result.steps());
        for (int i = 0; i < steps.size(); i += 3) {
            int step = steps.get(i);
            Ended resumed = train(args, run, run.resolve("checkpoint-" + step));
            assertThat(resumed.result.trainLoss()).isEqualTo(undisturbed.result.trainLoss());
            assertThat(resumed.result.samples()).isEqualTo(undisturbed.result.samples());
            assertThat(resumed.result.epoch()).isEqualTo(undisturbed.result.epoch());
            assertThat(resumed.result.steps()).isEqualTo(undisturbed.result.steps());
            assertThat(resumed.losses).hasSize(undisturbed.result.steps() - step);
            assertThat(undisturbed.losses).containsAllEntriesOf(resumed.losses);
            undisturbed.weights.forEach((name, values) -> assertThat(resumed.weights.get(name))
                    .as(name + " from step " + step)
                    .containsExactly(values));
        }
    }

    @Test
    void theLimitLeavesTheNewest(@TempDir Path run) {
        train(arguments().saveSteps(3).saveTotalLimit(2).build(), run, null);
        assertThat(CheckpointSteps.of(run)).containsExactly(9, 10);
        train(arguments().saveStrategy(SaveStrategy.EPOCH).build(), run.resolve("epochs"), null);
        assertThat(CheckpointSteps.of(run.resolve("epochs"))).containsExactly(10);
        train(arguments().saveStrategy(SaveStrategy.NO).build(), run.resolve("none"), null);
        assertThat(run.resolve("none")).doesNotExist();
    }

    /** The files and keys that Hugging Face's Trainer has in a checkpoint, as far as Python can go on from them. */
    @Test
    void aCheckpointHasTheReferencesFiles(@TempDir Path run) {
        train(arguments().saveSteps(4).loggingSteps(2).build(), run, null);
        Path checkpoint = run.resolve("checkpoint-4");
        assertThat(checkpoint.resolve("model.safetensors")).isRegularFile();
        assertThat(checkpoint.resolve("config.json")).isRegularFile();
        JsonNode state = Golden.json(checkpoint.resolve("trainer_state.json"));
        assertThat(state.get("global_step").asInt()).isEqualTo(4);
        assertThat(state.get("max_steps").asInt()).isEqualTo(10);
        assertThat(state.get("epoch").asDouble()).isEqualTo(0.4);
        assertThat(state.get("log_history")).hasSize(2);
        List<String> keys = new ArrayList<>();
        state.get("log_history").get(1).properties().forEach(entry -> keys.add(entry.getKey()));
        assertThat(keys).containsExactly("epoch", "grad_norm", "learning_rate", "loss", "step");
    }

    /** What is behind is not computed, read or encoded again, wherever the run stands. */
    @Test
    void whatIsBehindIsNotReadAgain(@TempDir Path run) {
        TrainingArguments args = arguments().numTrainEpochs(3).saveSteps(1).build();
        train(args, run, null);
        Set<Integer> read = Collections.synchronizedSet(new LinkedHashSet<>());
        List<Example> all = TrainerGolden.examples(20);
        Examples counted = Examples.of(new AbstractList<>() {
            @Override
            public Example get(int i) {
                read.add(i);
                return all.get(i);
            }

            @Override
            public int size() {
                return all.size();
            }
        });
        train(args, run, run.resolve("checkpoint-27"), counted);
        int[] order = Sampler.random(20, args.seed()).order(2);
        assertThat(read)
                .as("three steps of two rows")
                .containsExactly(Arrays.stream(order).skip(14).boxed().toArray(Integer[]::new));
    }

    private static TrainingArgumentsBuilder arguments() {
        return TrainingArguments.builder()
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(1)
                .learningRate(1e-3);
    }

    private static Ended train(TrainingArguments args, Path run, @Nullable Path checkpoint) {
        return train(args, run, checkpoint, Examples.of(TrainerGolden.examples(20)));
    }

    private static Ended train(TrainingArguments args, Path run, @Nullable Path checkpoint, Examples examples) {
        UnaryOperator<ModelConfig> dropout =
                config -> config.with("hidden_dropout_prob", 0.1).with("attention_probs_dropout_prob", 0.1);
        LoadedModel loaded = Models.load(Golden.path("train/model"), Head.SEQUENCE_CLASSIFICATION, dropout);
        try (var model = loaded.model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            Map<Integer, Double> losses = new LinkedHashMap<>();
            Trainer trainer = new Trainer(args, task, examples, EvaluationSet.NONE, new TrainingListener() {
                        @Override
                        public void onStepEnd(LogEvent event) {
                            losses.put(event.step(), event.loss());
                        }
                    })
                    .savingTo(run, model::save, Map.of());
            Trainer.Result result = checkpoint == null ? trainer.run() : trainer.resume(checkpoint);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters()
                    .forEach((name, parameter) ->
                            weights.put(name, parameter.value().toFloats()));
            return new Ended(losses, result, weights);
        }
    }
}
