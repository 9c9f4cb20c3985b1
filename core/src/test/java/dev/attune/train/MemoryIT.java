package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Example;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.TinyModel;
import dev.attune.task.ProblemType;
import dev.attune.task.TextClassification;
import dev.attune.tensor.Native;
import dev.attune.tensor.Scope;
import dev.attune.train.TrainingArguments.EvalStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long run with texts of changing length, evaluating now and then: tensor handles stay constant and resident memory stays
 * flat. 300 steps; 2,000 with {@code -Dattune.long=true}.
 */
class MemoryIT {
    private static final boolean LONG = Boolean.getBoolean("attune.long");
    private static final int STEPS = LONG ? 2_000 : 300;
    /**
     * Compiler and heap of Java still grow in the first hundred steps, by more than two percent of a process this small. One
     * step's activations are about a megabyte: if they leaked, it would be two hundred and more.
     */
    private static final long SLACK = (LONG ? 16L : 32L) << 20;

    @TempDir
    Path temp;

    @Test
    void handlesAreConstantAndMemoryIsFlat() {
        long seed = System.nanoTime();
        System.out.println("MemoryIT seed " + seed);
        List<Example> train = examples(new Random(seed), 203);
        List<Example> eval = examples(new Random(seed + 1), 37);
        long before = Scope.liveHandles();
        LoadedModel loaded = Models.sequenceClassifier(TinyModel.make(temp.resolve("model")), List.of("a", "b"));
        long[] handles = new long[STEPS];
        long[] resident = new long[STEPS];
        try (var model = loaded.model()) {
            TextClassification task =
                    new TextClassification(model, ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "b"));
            TrainingArguments args = TrainingArguments.builder()
                    .maxSteps(STEPS)
                    .perDeviceTrainBatchSize(8)
                    .gradientAccumulationSteps(2)
                    .evalStrategy(EvalStrategy.STEPS)
                    .evalSteps(25.0)
                    .build();
            new Trainer(args, task, train, eval, new TrainingListener() {
                        @Override
                        public void onLog(LogEvent event) {
                            handles[event.step() - 1] = Scope.liveHandles();
                            // Garbage of Java is not what this test is about.
                            if (event.step() % 10 == 0) System.gc();
                            resident[event.step() - 1] = Native.residentBytes();
                        }
                    })
                    .run();
        }
        assertThat(Arrays.stream(handles).distinct().toArray())
                .as("live handles after each step")
                .hasSize(1);
        assertThat(Scope.liveHandles()).isEqualTo(before);
        long early = median(Arrays.copyOfRange(resident, STEPS / 6, STEPS / 3));
        long late = median(Arrays.copyOfRange(resident, STEPS - STEPS / 6, STEPS));
        System.out.printf("resident after a third %,d bytes, at the end %,d bytes%n", early, late);
        assertThat(late).isLessThan(early + early / 50 + SLACK);
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Random ids of 3 to 48 tokens: every batch has another shape. */
    private static List<Example> examples(Random random, int count) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(3 + random.nextInt(46), 5, 70).toArray();
            examples.add(new Example(ids, new int[ids.length], new int[] {random.nextInt(2)}, new float[0]));
        }
        return examples;
    }
}
