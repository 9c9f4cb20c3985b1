package dev.attune.task.tokenclassification;

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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Twenty steps of Hugging Face Trainer, made by {@code parity/make_token_trainer_golden.py}. */
class TokenClassificationTrainingTest {
    private static final Path FOLDER = Golden.path("task/tokenclassification/training");

    @Test
    void twentyStepsEqualTheReference() {
        JsonNode golden = Golden.json(FOLDER.resolve("golden.json"));
        JsonNode given = golden.get("arguments");
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(
                        given.get("per_device_train_batch_size").intValue())
                .learningRate(given.get("learning_rate").doubleValue())
                .weightDecay(given.get("weight_decay").doubleValue())
                .warmupSteps(given.get("warmup_steps").doubleValue())
                .maxGradNorm(given.get("max_grad_norm").doubleValue())
                .seed(given.get("seed").longValue())
                .maxSteps(given.get("max_steps").intValue())
                .loggingSteps(1)
                .build();
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : golden.get("rows")) {
            int[] ids = Golden.ints(row.get("ids"));
            examples.add(new Example(ids, new int[ids.length], Golden.ints(row.get("labels")), new float[0]));
        }
        var settings = TokenClassificationSettings.builder()
                .labels(List.of("O", "A", "B", "C", "D"))
                .build();
        var data =
                new TokenClassificationData(settings, new TokenColumns("tokens", "tags", false), TaskOptions.DEFAULT);
        var loaded = Models.load(FOLDER.resolve("model"), Head.TOKEN_CLASSIFICATION, config -> config);
        List<LogEvent> logs = new ArrayList<>();
        try (var model = loaded.model();
                Weights expected = Safetensors.open(FOLDER.resolve("final.safetensors"))) {
            var task = new TokenClassificationTask(model, data);
            new Trainer(args, task, Examples.of(examples), EvaluationSet.NONE, new TrainingListener() {
                        @Override
                        public void onLog(LogEvent event) {
                            logs.add(event);
                        }
                    })
                    .run();
            assertThat(logs).hasSize(20);
            for (int i = 0; i < logs.size(); i++) {
                JsonNode step = golden.get("steps").get(i);
                assertThat(logs.get(i).loss())
                        .as("loss of step " + (i + 1))
                        .isCloseTo(step.get("loss").doubleValue(), within(1e-5));
                assertThat(logs.get(i).gradNorm())
                        .as("norm of step " + (i + 1))
                        .isCloseTo(step.get("grad_norm").doubleValue(), within(1e-4));
            }
            model.parameters().forEach((name, parameter) -> {
                if (name.endsWith("attention.self.key.bias")) return; // rounding noise: see TrainerParityTest
                Golden.assertClose(name, parameter.value(), expected, name, 1e-5);
            });
        }
    }
}
