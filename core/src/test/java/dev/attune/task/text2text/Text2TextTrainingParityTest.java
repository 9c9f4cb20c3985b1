package dev.attune.task.text2text;

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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Twenty steps of models that read one text and write another, made by {@code parity/make_language_training_golden.py}. */
class Text2TextTrainingParityTest {
    @ParameterizedTest
    @CsvSource({"t5, run-plain", "bart, run-plain"})
    void twentyStepsEqualTheReference(String model, String run) {
        Path folder = Golden.path("task/language/" + model);
        JsonNode golden = Golden.json(folder.resolve(run + ".json"));
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).build();
        try (var trained = Models.load(folder.resolve("model"), Head.SEQUENCE_TO_SEQUENCE, config -> config)
                        .model();
                Weights expected = Safetensors.open(folder.resolve(run + ".safetensors"))) {
            Text2TextTask task = new Text2TextTask(trained, TaskOptions.DEFAULT, 61, List.of(), null, List.of());
            List<LogEvent> logs = TrainerGolden.train(args, task, examples(folder));
            assertThat(logs).hasSize(20);
            TrainerGolden.assertSteps(logs, golden.get("steps"));
            Set<String> stored = new HashSet<>(trained.parameters().keySet());
            stored.addAll(trained.buffers().keySet());
            assertThat(stored).containsExactlyInAnyOrderElementsOf(expected.names());
            TrainerGolden.assertParameters(trained, expected, name -> name.endsWith("k_proj.bias"));
        }
    }

    private static List<Example> examples(Path folder) {
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : Golden.json(folder.resolve("data.json"))) {
            int[] ids = Golden.ints(row.get("ids"));
            examples.add(new Example(ids, new int[ids.length], Golden.ints(row.get("labels")), new float[0]));
        }
        return examples;
    }
}
