package dev.attune.task.tokenclassification;

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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Twenty steps of Hugging Face Trainer, made by {@code parity/make_token_trainer_golden.py}. */
class TokenClassificationTrainingTest {
    private static final Path FOLDER = Golden.path("task/tokenclassification/training");

    @Test
    void twentyStepsEqualTheReference() {
        JsonNode golden = Golden.json(FOLDER.resolve("golden.json"));
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).build();
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
        try (var model = loaded.model();
                Weights expected = Safetensors.open(FOLDER.resolve("final.safetensors"))) {
            List<LogEvent> logs = TrainerGolden.train(args, new TokenClassificationTask(model, data), examples);
            assertThat(logs).hasSize(20);
            TrainerGolden.assertSteps(logs, golden.get("steps"));
            TrainerGolden.assertParameters(model, expected, name -> false);
        }
    }
}
