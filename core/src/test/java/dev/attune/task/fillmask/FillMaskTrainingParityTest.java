package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.task.TaskOptions;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainerGolden;
import dev.attune.train.TrainingArguments;
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
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).build();
        try (var model = Models.load(FOLDER.resolve("model"), Head.MASKED_LM, config -> config)
                        .model();
                Weights expected = Safetensors.open(FOLDER.resolve(run + ".safetensors"))) {
            FillMaskTask task = new FillMaskTask(model, TaskOptions.DEFAULT, 40, 64, List.of());
            List<LogEvent> logs = TrainerGolden.train(args, task, examples());
            assertThat(logs).hasSize(20);
            TrainerGolden.assertSteps(logs, golden.get("steps"));
            assertThat(model.parameters().keySet())
                    .contains("cls.predictions.bias", "bert.embeddings.word_embeddings.weight");
            TrainerGolden.assertParameters(model, expected, name -> false);
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
