package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.hub.Hub;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.TinyModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Native;
import dev.attune.tensor.Scope;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs with texts of changing length, evaluating now and then: tensor handles stay constant and resident memory stays flat.
 */
class MemoryIT {
    @TempDir
    Path temp;

    @Test
    void handlesAreConstantAndMemoryIsFlat() {
        long[] resident = residentAfterEachStep(TinyModel.make(temp.resolve("model")), 300, 8);
        // Compiler and heap of Java still grow in the first hundred steps, by more than two percent of a process this
        // small. One step's activations are about a megabyte: if they leaked, it would be two hundred and more.
        assertThat(late(resident)).isLessThan(early(resident) + (32 << 20));
    }

    @Test
    @EnabledIfSystemProperty(named = "attune.long", matches = "true", disabledReason = "minutes: mvn verify -Plong")
    void memoryOfARealModelIsFlatOver2000Steps() {
        long[] resident = residentAfterEachStep(Hub.resolve("minilm").directory(), 2_000, 2);
        assertThat(late(resident)).isCloseTo(early(resident), withPercentage(2));
    }

    private static long[] residentAfterEachStep(Path directory, int steps, int batchSize) {
        long seed = System.nanoTime();
        System.out.println("MemoryIT seed " + seed);
        long before = Scope.liveHandles();
        LoadedModel loaded = Models.sequenceClassifier(directory, List.of("a", "b"));
        int words = loaded.model().config().integer("vocab_size", 0);
        List<Example> train = examples(new Random(seed), 203, words);
        List<Example> eval = examples(new Random(seed + 1), 37, words);
        long[] handles = new long[steps];
        long[] resident = new long[steps];
        try (var model = loaded.model()) {
            TextClassificationTask task =
                    new TextClassificationTask(model, ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "b"));
            TrainingArguments args = TrainingArguments.builder()
                    .maxSteps(steps)
                    .perDeviceTrainBatchSize(batchSize)
                    .gradientAccumulationSteps(2)
                    .evalStrategy(IntervalStrategy.STEPS)
                    .evalSteps(25.0)
                    .build();
            new Trainer(args, task, Examples.of(train), EvaluationSet.of(eval), new TrainingListener() {
                        @Override
                        public void onStepEnd(LogEvent event) {
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
        System.out.printf(
                "%d steps: resident after a third %,d bytes, at the end %,d bytes%n",
                steps, early(resident), late(resident));
        return resident;
    }

    private static long early(long[] resident) {
        return median(Arrays.copyOfRange(resident, resident.length / 6, resident.length / 3));
    }

    private static long late(long[] resident) {
        return median(Arrays.copyOfRange(resident, resident.length - resident.length / 6, resident.length));
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** Random words in texts of 3 to 48 tokens: every batch has another shape and, in the first epoch, new words. */
    private static List<Example> examples(Random random, int count, int words) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(3 + random.nextInt(46), 5, words).toArray();
            examples.add(new Example(ids, new int[ids.length], new int[] {random.nextInt(2)}, new float[0]));
        }
        return examples;
    }
}
