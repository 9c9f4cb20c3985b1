package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.StateDict;
import dev.attune.data.Batch;
import dev.attune.data.BatchLoader;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.ConfigException;
import dev.attune.error.TensorException;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that does not fit into memory is computed in parts, and the run is the same. */
class MicroBatchesTest {
    private static final long GB = 1L << 30;

    /** So much that nothing is ever cut. */
    private static final MemoryBudget PLENTY = new MemoryBudget(1L << 60, false);

    private final List<String> notes = new ArrayList<>();

    private MicroBatches micro(MemoryBudget budget) {
        return new MicroBatches(budget, Examples.of(TrainerGolden.examples(20)), 42, false, notes::add);
    }

    private static Batch batch(int rows) {
        int[] all = new int[rows];
        for (int i = 0; i < rows; i++) all[i] = i;
        return Batch.of(Examples.of(TrainerGolden.examples(20)), all, 0, 42);
    }

    /** A budget that leaves so much for batches beside the heap. */
    private static MemoryBudget leaving(long bytes) {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() + bytes, true);
    }

    @Test
    void cutsWhatWouldNotFitAndNothingElse() {
        MicroBatches micro = micro(leaving(3 * GB));
        // One row took 1 GB more than nothing, four 4 GB: at rest 1 GB, so 2 GB are left for rows.
        micro.measured(GB, batch(1), 2 * GB, batch(4), 5 * GB);
        assertThat(micro.cut(batch(1), 0)).hasSize(1);
        List<Batch> parts = micro.cut(batch(12), 0);
        assertThat(parts).hasSizeGreaterThan(2);
        assertThat(parts.stream().mapToInt(Batch::size).sum()).isEqualTo(12);
        assertThat(parts.stream().mapToInt(Batch::tokens).sum())
                .isEqualTo(batch(12).tokens());
        List<Long> keys = new ArrayList<>();
        parts.forEach(part -> java.util.Arrays.stream(part.keys()).forEach(keys::add));
        assertThat(keys)
                .containsExactlyElementsOf(
                        java.util.Arrays.stream(batch(12).keys()).boxed().toList());
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("would take about")
                .contains(parts.size() + " parts");
    }

    /** Short texts, of which every other one has a long text written about it. */
    private static Examples pairs(int rows) {
        List<Example> pairs = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            pairs.add(new Example(new int[8], new int[8], new int[i % 2 == 0 ? 4 : 512], new float[0]));
        }
        return Examples.of(pairs);
    }

    private static Batch of(Examples examples, int from, int to) {
        return Batch.of(examples, IntStream.range(from, to).toArray(), 0, 42);
    }

    @Test
    void textsThatAreWrittenCountAsThoseThatAreRead() {
        Examples pairs = pairs(8);
        List<List<Integer>> sizes = new ArrayList<>();
        for (boolean writes : new boolean[] {false, true}) {
            MicroBatches micro = new MicroBatches(leaving(3 * GB), pairs, 42, writes, notes::add);
            // A pair with a long target takes a gigabyte, one with a short one next to nothing: room for one and not
            // for two.
            micro.measured(GB, of(pairs, 0, 1), GB, of(pairs, 0, 2), 2 * GB);
            sizes.add(micro.cut(of(pairs, 0, 8), 0).stream().map(Batch::size).toList());
        }
        // By what is read all rows are alike, and each would take more than there is.
        assertThat(sizes.get(0)).hasSize(8).containsOnly(1);
        assertThat(sizes.get(1)).containsExactly(3, 2, 2, 1);
        assertThat(notes)
                .anyMatch(note -> note.startsWith("A batch of 64 tokens "))
                .anyMatch(note -> note.startsWith("A batch of 2128 tokens would take about "));
    }

    @Test
    void aSingleTargetThatIsTooLongIsNamed() {
        Examples pairs = pairs(2);
        MicroBatches micro = new MicroBatches(PLENTY, pairs, 42, true, notes::add);
        assertThatThrownBy(() -> micro.tooLarge(List.of(of(pairs, 1, 2)), null))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "There is not enough memory for a single row of 8 tokens and a target of up to 512. Set"
                                + " gradient_checkpointing: true, lower max_length or max_target_length, or take a smaller model.");
    }

    /** A row that is drawn again has other dropout than the first time, in whatever part it is. */
    @Test
    void partsKeepTheKeysOfRowsThatComeAgain() {
        MicroBatches micro = micro(leaving(3 * GB));
        micro.measured(GB, batch(1), 2 * GB, batch(4), 5 * GB);
        int[] order = {3, 3, 3, 7, 7, 1, 3, 7, 1, 1, 2, 3};
        Batch again;
        try (BatchLoader loader =
                BatchLoader.ofRepeated(Examples.of(TrainerGolden.examples(20)), order, 0, order.length, false, 0, 42)) {
            again = loader.iterator().next();
        }
        List<Batch> parts = micro.cut(again, 0);
        assertThat(parts).hasSizeGreaterThan(2);
        long[] keys =
                parts.stream().flatMapToLong(part -> Arrays.stream(part.keys())).toArray();
        assertThat(keys).isEqualTo(again.keys()).doesNotHaveDuplicates();
    }

    @Test
    void plentyOfMemoryCutsNothing() {
        MicroBatches micro = micro(PLENTY);
        assertThat(micro.wantsMeasuring(batch(20), 100_000_000, 100_000_000)).isFalse();
        micro.measured(GB, batch(1), 2 * GB, batch(4), 5 * GB);
        Batch whole = batch(20);
        assertThat(micro.cut(whole, 0)).containsExactly(whole);
        assertThat(notes).isEmpty();
    }

    @Test
    void aBudgetThatTheModelAloneTakesIsRefused() {
        MicroBatches micro = micro(leaving(GB));
        assertThatThrownBy(() -> micro.measured(2 * GB, batch(1), 3 * GB, batch(4), 4 * GB))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max_memory")
                .hasMessageContaining("2.0 GB");
    }

    @Test
    void theCutIsRememberedNotMeasuredAgain() {
        MicroBatches first = micro(leaving(3 * GB));
        first.measured(GB, batch(1), 2 * GB, batch(4), 5 * GB);
        StateDict state = new StateDict();
        first.save(state);
        MicroBatches second = micro(PLENTY);
        second.load(state);
        assertThat(second.wantsMeasuring(batch(20), Long.MAX_VALUE / 100, Long.MAX_VALUE / 100))
                .isFalse();
        assertThat(second.cut(batch(12), 0)).hasSameSizeAs(first.cut(batch(12), 0));
    }

    @Test
    void oneRowAndAFewAreMeasuredOnce() {
        MicroBatches micro = micro(leaving(64 * GB));
        List<Integer> rows = new ArrayList<>();
        micro.measure(batch(10), 0, 1000, part -> rows.add(part.size()));
        assertThat(rows).containsExactly(1, 1, 4);
        assertThat(micro.wantsMeasuring(batch(10), Long.MAX_VALUE / 100, Long.MAX_VALUE / 100))
                .isFalse();
    }

    /** Fails as libtorch does where a batch has more tokens than so many. */
    private record Small(TextClassificationTask all, int most) implements Task {
        @Override
        public PretrainedModel model() {
            return all.model();
        }

        @Override
        public double weight(Batch batch) {
            return all.weight(batch);
        }

        @Override
        public Tensor lossSum(Batch batch) {
            Tensor loss = all.lossSum(batch);
            if (batch.tokens() <= most) return loss;
            throw new TensorException(
                    "matmul: DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes");
        }

        @Override
        public Evaluation evaluation(EvaluationSet set) {
            return all.evaluation(set);
        }
    }

    @Test
    void memoryThatDoesNotLastChangesNothingButTheTime(@TempDir Path run) {
        int rows = batch(20).tokens() / 20;
        Ended plain = train(Integer.MAX_VALUE, run.resolve("plain"), null, a -> a);
        Ended small = train(2 * rows, run.resolve("small"), null, a -> a);
        assertSame(small, plain);
        assertThat(notes).isNotEmpty().allMatch(note -> note.contains("does not fit into memory"));
        // Resumed, it cuts as it did before, without failing again.
        notes.clear();
        Ended resumed = train(2 * rows, run.resolve("small"), run.resolve("small/checkpoint-2"), a -> a);
        resumed.weights.forEach((name, values) -> assertThat(values).as(name).containsExactly(small.weights.get(name)));
        assertThat(notes).hasSize(1);
    }

    @Test
    void gradientCheckpointingChangesNothingButMemoryAndTime(@TempDir Path run) {
        for (boolean bf16 : new boolean[] {false, true}) {
            Ended plain = train(Integer.MAX_VALUE, run.resolve("plain" + bf16), null, a -> a.bf16(bf16));
            Ended again = train(
                    Integer.MAX_VALUE,
                    run.resolve("again" + bf16),
                    null,
                    a -> a.bf16(bf16).gradientCheckpointing(true));
            // In 16 bits a sum of gradients has another order, so the last digit may differ.
            plain.losses.forEach(
                    (step, loss) -> assertThat(again.losses.get(step)).isCloseTo(loss, within(bf16 ? 1e-4 : 0)));
            if (bf16) continue;
            plain.weights.forEach((name, values) ->
                    assertThat(again.weights.get(name)).as(name).containsExactly(values));
        }
    }

    @Test
    void aRowThatIsTooLargeEndsTheRunWithAdvice(@TempDir Path run) {
        assertThatThrownBy(() -> train(1, run, null, a -> a))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("gradient_checkpointing")
                .hasMessageContaining("max_length");
    }

    private record Ended(Map<Integer, Double> losses, Map<String, float[]> weights) {}

    private static void assertSame(Ended actual, Ended expected) {
        assertThat(actual.losses.keySet()).isEqualTo(expected.losses.keySet());
        expected.losses.forEach(
                (step, loss) -> assertThat(actual.losses.get(step)).isCloseTo(loss, within(1e-6)));
        expected.weights.forEach((name, values) -> {
            // The gradient of the bias of the keys is rounding noise: softmax does not see it.
            if (!name.endsWith("attention.self.key.bias"))
                Golden.assertClose(name, actual.weights.get(name), values, 1e-6);
        });
    }

    private Ended train(int most, Path run, @Nullable Path checkpoint, UnaryOperator<TrainingArgumentsBuilder> change) {
        TrainingArguments args = change.apply(TrainingArguments.builder()
                        .perDeviceTrainBatchSize(5)
                        .numTrainEpochs(1)
                        .learningRate(1e-4)
                        .adamEpsilon(1e-6)
                        .saveSteps(2))
                .build();
        var loaded = Models.load(
                Golden.path("train/model"),
                Head.SEQUENCE_CLASSIFICATION,
                config -> config.with("hidden_dropout_prob", 0.1).with("attention_probs_dropout_prob", 0.1));
        try (PretrainedModel model = loaded.model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            Map<Integer, Double> losses = new LinkedHashMap<>();
            TrainingListener listener = new TrainingListener() {
                @Override
                public void onStepEnd(LogEvent event) {
                    losses.put(event.step(), event.stepLoss());
                }

                @Override
                public void onMessage(String text) {
                    notes.add(text);
                }
            };
            Trainer trainer = new Trainer(
                            args,
                            new Small(task, most),
                            Examples.of(TrainerGolden.examples(20)),
                            EvaluationSet.NONE,
                            listener)
                    .savingTo(run, model::save, Map.of());
            if (checkpoint == null) trainer.run();
            else trainer.resume(checkpoint);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters()
                    .forEach((name, parameter) ->
                            weights.put(name, parameter.value().toFloats()));
            return new Ended(losses, weights);
        }
    }
}
