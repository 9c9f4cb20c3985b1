package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that are computed once for each example. */
class PrefixCacheTest {
    /** What a run leaves, and the names of the layers below that were computed in training. */
    private record Ended(
            List<Double> losses,
            List<Double> evaluations,
            Map<String, float[]> weights,
            List<String> notes,
            int lowerPasses) {}

    private static TrainingArgumentsBuilder arguments() {
        return TrainingArguments.builder()
                .freeze(List.of("embeddings", "encoder.layer[:1]"))
                .perDeviceTrainBatchSize(3)
                .numTrainEpochs(3)
                .learningRate(1e-3)
                .loggingSteps(1)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.NO);
    }

    private static Ended train(TrainingArguments args, double dropout, @Nullable Path run, @Nullable Path checkpoint) {
        return train(args, dropout, run, checkpoint, Examples.of(TrainerGolden.examples(20)));
    }

    private static Ended train(
            TrainingArguments args, double dropout, @Nullable Path run, @Nullable Path checkpoint, Examples examples) {
        LoadedModel loaded = Models.load(
                Golden.path("train/model"),
                Head.SEQUENCE_CLASSIFICATION,
                config -> config.with("hidden_dropout_prob", dropout).with("attention_probs_dropout_prob", dropout));
        try (var model = loaded.model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            List<Double> losses = new ArrayList<>();
            List<Double> evaluations = new ArrayList<>();
            List<String> notes = new ArrayList<>();
            int[] passes = new int[1];
            model.watch((name, output) -> {
                if (name.equals("bert.encoder.layer.0.output.dense")) passes[0]++;
            });
            EvaluationSet set = EvaluationSet.of(TrainerGolden.examples(37).subList(20, 37));
            Trainer trainer = new Trainer(args, task, examples, set, new TrainingListener() {
                @Override
                public void onStepEnd(LogEvent event) {
                    losses.add(event.loss());
                }

                @Override
                public void onEvaluate(EvaluationEvent event) {
                    evaluations.add(event.metric("loss"));
                }

                @Override
                public void onMessage(String text) {
                    notes.add(text);
                }
            });
            if (run != null) trainer.savingTo(run, model::save, Map.of());
            if (checkpoint == null) trainer.run();
            else trainer.resume(checkpoint);
            model.watch(null);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters()
                    .forEach((name, parameter) ->
                            weights.put(name, parameter.value().toFloats()));
            return new Ended(losses, evaluations, weights, notes, passes[0]);
        }
    }

    private static void close(List<Double> ours, List<Double> theirs, double tolerance) {
        assertThat(ours).hasSameSizeAs(theirs).isNotEmpty();
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i)).as("%d", i).isCloseTo(theirs.get(i), within(tolerance));
        }
    }

    /** Without dropout the cache changes nothing but the shape of products. */
    @Test
    void theNumbersAreThoseOfComputing() {
        for (UnaryOperator<TrainingArgumentsBuilder> change : List.<UnaryOperator<TrainingArgumentsBuilder>>of(
                a -> a,
                a -> a.gradientAccumulationSteps(2),
                a -> a.freeze(List.of("base")),
                a -> a.gradientCheckpointing(true),
                a -> a.maxMemory("8GB"))) {
            TrainingArgumentsBuilder args = change.apply(arguments());
            Ended computed = train(args.build(), 0, null, null);
            Ended cached = train(args.frozenPrefix(FrozenPrefixMode.CACHE).build(), 0, null, null);
            close(cached.losses, computed.losses, 1e-5);
            close(cached.evaluations, computed.evaluations, 1e-5);
        }
    }

    @Test
    void inSixteenBitsTheyAreNear() {
        TrainingArgumentsBuilder args = arguments().bf16(true);
        Ended computed = train(args.build(), 0, null, null);
        Ended cached = train(args.frozenPrefix(FrozenPrefixMode.CACHE).build(), 0, null, null);
        close(cached.losses, computed.losses, 0.05);
        close(cached.evaluations, computed.evaluations, 0.05);
    }

    /** One pass of each set, in one batch, whatever the number of epochs and evaluations. */
    @Test
    void lowerLayersAreComputedOnce() {
        Ended cached = train(arguments().frozenPrefix(FrozenPrefixMode.CACHE).build(), 0.1, null, null);
        assertThat(cached.lowerPasses).isEqualTo(2);
        assertThat(train(arguments().build(), 0.1, null, null).lowerPasses).isGreaterThan(20);
        assertThat(cached.notes)
                .anySatisfy(note -> assertThat(note)
                        .startsWith("The embeddings and the first 1 layers are frozen: computed once for 20 examples"));
    }

    @Test
    void aRunThatGoesOnEndsWithTheSameBits(@TempDir Path run) {
        TrainingArguments args = arguments()
                .frozenPrefix(FrozenPrefixMode.CACHE)
                .saveStrategy(SaveStrategy.STEPS)
                .saveSteps(4)
                .build();
        Ended whole = train(args, 0.1, run, null);
        for (int step : new int[] {4, 16}) {
            Ended resumed = train(args, 0.1, run, run.resolve("checkpoint-" + step));
            assertThat(resumed.losses).isEqualTo(whole.losses.subList(step, whole.losses.size()));
            whole.weights.forEach((name, values) ->
                    assertThat(resumed.weights.get(name)).as(name).containsExactly(values));
        }
    }

    /** What gradual unfreezing comes to in the epochs of the run cannot be kept; what it does not can. */
    @Test
    void gradualUnfreezingLimitsWhatIsKept() {
        TrainingArgumentsBuilder args =
                arguments().freeze(List.of("base")).unfreezeLayersPerEpoch(1).frozenPrefix(FrozenPrefixMode.CACHE);
        // Three epochs come to the pooler and to layer 1.
        Ended cached = train(args.build(), 0, null, null);
        Ended computed = train(args.frozenPrefix(FrozenPrefixMode.COMPUTE).build(), 0, null, null);
        close(cached.losses, computed.losses, 1e-5);
        assertThat(cached.lowerPasses).isEqualTo(2);
        refused(args.frozenPrefix(FrozenPrefixMode.CACHE).numTrainEpochs(4), "bert.encoder.layer.0.");
    }

    @Test
    void itIsRefusedWhereSomethingBelowTrains() {
        TrainingArgumentsBuilder cache = arguments().frozenPrefix(FrozenPrefixMode.CACHE);
        refused(cache.freeze(List.of()), "bert.embeddings.word_embeddings.weight is trained");
        refused(cache.freeze(List.of("encoder.layer[:1]")), "bert.embeddings.word_embeddings.weight is trained");
        refused(cache.freeze(List.of("embeddings")), "bert.encoder.layer.0.attention.self.query.weight is trained");
        refused(
                cache.freeze(List.of("embeddings", "*.dense.*", "*.self.*")),
                "bert.encoder.layer.0.attention.output.LayerNorm.weight is trained");
    }

    private static void refused(TrainingArgumentsBuilder args, String sentence) {
        assertThatThrownBy(() -> train(args.build(), 0, null, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("frozen_prefix is \"cache\", but ")
                .hasMessageContaining(sentence)
                .hasMessageEndingWith("or set frozen_prefix: compute.");
    }

    @Test
    void itIsRefusedWhereADecoderReadsAnEncoder() {
        Examples examples = Examples.of(TrainerGolden.examples(4));
        try (PretrainedModel model = Models.load(
                        Golden.path("model/seq2seq/t5-write-a"), Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity())
                .model()) {
            assertThatThrownBy(() -> PrefixCache.layers(model, examples, Set.of()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("frozen_prefix is \"cache\", but T5ForConditionalGeneration cannot be run in two parts:"
                            + " its decoder reads what its encoder made, besides what is below it."
                            + " Set frozen_prefix: compute.");
        }
    }

    @Test
    void itIsRefusedWhereExamplesVary() {
        List<Example> all = TrainerGolden.examples(20);
        Examples varying = new Examples() {
            @Override
            public int size() {
                return all.size();
            }

            @Override
            public int length(int example) {
                return all.get(example).length();
            }

            @Override
            public Example get(int example, int epoch) {
                return all.get(example);
            }

            @Override
            public int row(int example) {
                return example;
            }

            @Override
            public String where(int example) {
                return "row";
            }

            @Override
            public boolean varies() {
                return true;
            }
        };
        TrainingArguments args =
                arguments().frozenPrefix(FrozenPrefixMode.CACHE).build();
        assertThatThrownBy(() -> train(args, 0, null, null, varying))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("are others in every epoch");
    }

    @Test
    void nothingIsLeftWhereComputingIsStopped() {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            TrainerControl control = new TrainerControl();
            control.cancel();
            Trainer trainer = new Trainer(
                    arguments().frozenPrefix(FrozenPrefixMode.CACHE).build(),
                    task,
                    Examples.of(TrainerGolden.examples(20)),
                    EvaluationSets.of(EvaluationSet.of(TrainerGolden.examples(3))),
                    TrainingListener.SILENT,
                    control);
            assertThatThrownBy(trainer::run).hasMessage("Stopped while frozen layers were computed.");
        }
    }
}
