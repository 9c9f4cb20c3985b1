package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Example;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.model.TinyModel;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Threads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Another number of threads sums in another order: how far that may lead is what docs/run-folder.md says. */
class ThreadsTest {
    private record Run(List<LogEvent> logs, Map<String, float[]> weights) {}

    @Test
    void oneAndTwoThreadsAgree() {
        // Large enough for both to share the work.
        ModelConfig config = TinyModel.config(0.1)
                .withLabels(List.of("no", "yes"))
                .with("hidden_size", 192)
                .with("intermediate_size", 768)
                .with("initializer_range", 0.02);
        Run one = Threads.during(1, () -> train(config));
        Run two = Threads.during(2, () -> train(config));
        for (int i = 0; i < one.logs.size(); i++) {
            LogEvent a = one.logs.get(i);
            LogEvent b = two.logs.get(i);
            assertThat(b.loss()).as("loss of step %d", i + 1).isCloseTo(a.loss(), within(1e-5));
            assertThat(b.gradNorm()).as("norm of step %d", i + 1).isCloseTo(a.gradNorm(), within(1e-4));
        }
        one.weights.forEach((name, expected) -> {
            // Softmax does not see it: its gradient is rounding noise, which Adam blows up to whole steps.
            if (name.endsWith("attention.self.key.bias")) return;
            assertThat(two.weights.get(name)).as(name).containsExactly(expected, within(1e-5f));
        });
    }

    private static Run train(ModelConfig config) {
        Rng.seed(7);
        LoadedModel loaded = Models.untrained(config, Head.SEQUENCE_CLASSIFICATION);
        try (var model = loaded.model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            List<Example> examples = new ArrayList<>();
            for (int row = 0; row < 64; row++) {
                int[] ids = new int[40];
                for (int i = 0; i < ids.length; i++) ids[i] = 5 + (row * 31 + i * i * 7) % 60;
                examples.add(new Example(ids, new int[ids.length], new int[] {row % 2}, new float[0]));
            }
            TrainingArguments args = TrainingArguments.builder()
                    .perDeviceTrainBatchSize(16)
                    .maxSteps(20)
                    .learningRate(1e-4)
                    .build();
            List<LogEvent> logs = TrainerGolden.train(args, task, examples);
            Map<String, float[]> weights = new LinkedHashMap<>();
            model.parameters()
                    .forEach((name, parameter) ->
                            weights.put(name, parameter.value().toFloats()));
            return new Run(logs, weights);
        }
    }
}
