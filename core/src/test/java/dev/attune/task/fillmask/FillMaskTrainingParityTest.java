package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.task.EvaluationSet;
import dev.attune.task.TaskOptions;
import dev.attune.train.LogEvent;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Twenty steps of a masked language model on given masks, made by {@code parity/make_mlm_training_golden.py}. */
class FillMaskTrainingParityTest {
    private static final Path FOLDER = Golden.path("task/fillmask/training");

    @ParameterizedTest
    @ValueSource(strings = {"run-plain", "run-accumulation"})
    void twentyStepsEqualTheReference(String run) {
        JsonNode golden = Golden.json(FOLDER.resolve(run + ".json"));
        JsonNode given = golden.get("arguments");
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(
                        given.get("per_device_train_batch_size").intValue())
                .gradientAccumulationSteps(
                        given.path("gradient_accumulation_steps").asInt(1))
                .learningRate(given.get("learning_rate").doubleValue())
                .weightDecay(given.get("weight_decay").doubleValue())
                .warmupSteps(given.get("warmup_steps").doubleValue())
                .maxGradNorm(given.get("max_grad_norm").doubleValue())
                .seed(given.get("seed").longValue())
                .maxSteps(given.get("max_steps").intValue())
                .loggingSteps(1)
                .build();
        List<LogEvent> logs = new ArrayList<>();
        try (var model = Models.load(FOLDER.resolve("model"), Head.MASKED_LM, config -> config)
                        .model();
                Weights expected = Safetensors.open(FOLDER.resolve(run + ".safetensors"))) {
            FillMaskTask task = new FillMaskTask(model, TaskOptions.DEFAULT, 64, List.of());
            new Trainer(args, task, Examples.of(examples()), EvaluationSet.NONE, new TrainingListener() {
                        @Override
                        public void onLog(LogEvent event) {
                            logs.add(event);
                        }
                    })
                    .run();
            JsonNode steps = golden.get("steps");
            assertThat(logs).hasSize(20).hasSize(steps.size());
            for (int i = 0; i < logs.size(); i++) {
                JsonNode step = steps.get(i);
                LogEvent log = logs.get(i);
                String at = "step " + (i + 1);
                assertThat(log.loss())
                        .as("loss, " + at)
                        .isCloseTo(step.get("loss").doubleValue(), within(1e-5));
                assertThat(log.gradNorm())
                        .as("norm, " + at)
                        .isCloseTo(step.get("grad_norm").doubleValue(), within(1e-4));
                assertThat(log.learningRate())
                        .as("rate, " + at)
                        .isCloseTo(step.get("learning_rate").doubleValue(), within(1e-12));
                assertThat(log.epoch())
                        .as("epoch, " + at)
                        .isCloseTo(step.get("epoch").doubleValue(), within(1e-6));
            }
            List<String> compared = new ArrayList<>();
            model.parameters().forEach((name, parameter) -> {
                // Its gradient is rounding noise, see TrainerParityTest.
                if (name.endsWith("attention.self.key.bias")) return;
                Golden.assertClose(name, parameter.value(), expected, name, 1e-5);
                compared.add(name);
            });
            assertThat(compared).contains("cls.predictions.bias", "bert.embeddings.word_embeddings.weight");
        }
    }

    private static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : Golden.json(FOLDER.resolve("data.json"))) {
            int[] ids = Golden.ints(row.get("ids"));
            examples.add(new Example(ids, new int[ids.length], Golden.ints(row.get("labels")), new float[0]));
        }
        return examples;
    }
}
