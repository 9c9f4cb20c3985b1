package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Twenty steps against Hugging Face Trainer with the same parameters frozen. Made by {@code parity/make_freezing_golden.py}. */
class FreezingParityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "lower;   embeddings|encoder.layer[:1]",
                "lower;   all_but_last=1",
                "upper;   model.bert.encoder.layer[:]",
                "base;    base",
                "weights; encoder.layer[:].*.dense.weight|encoder.layer[:].*.query.weight|*.key.weight|*.value.weight",
            })
    void frozenParametersAreThoseOfTheReference(String kind, String entries) {
        compare(
                kind,
                TrainingArguments.builder()
                        .freeze(List.of(entries.split("\\|")))
                        .build());
    }

    /** The reference's loop with a callback that lets go of a layer before each epoch but the first. */
    @Test
    void gradualUnfreezing() {
        compare(
                "gradual",
                TrainingArguments.builder()
                        .freeze(List.of("base"))
                        .unfreezeLayersPerEpoch(1)
                        .build());
    }

    private static void compare(String kind, TrainingArguments keys) {
        JsonNode golden = Golden.json(Golden.path("train/freezing-" + kind + ".json"));
        TrainingArguments args = TrainerGolden.arguments(golden.get("arguments"))
                .freeze(keys.freeze())
                .unfreezeLayersPerEpoch(keys.unfreezeLayersPerEpoch())
                .build();
        Set<String> expected = new TreeSet<>();
        golden.get("frozen").forEach(name -> expected.add(name.stringValue()));
        LoadedModel loaded = Models.sequenceClassifier(Golden.path("train/model"));
        try (var model = loaded.model();
                Weights before = Safetensors.open(Golden.path("train/model/model.safetensors"))) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            List<LogEvent> logs = new ArrayList<>();
            Set<String> frozen = new TreeSet<>();
            List<Example> examples = TrainerGolden.examples();
            new Trainer(args, task, Examples.of(examples), EvaluationSet.NONE, new TrainingListener() {
                        @Override
                        public void onStepEnd(LogEvent event) {
                            logs.add(event);
                            if (event.step() > 1) return;
                            model.parameters().forEach((name, parameter) -> {
                                if (!parameter.value().requiresGrad()) frozen.add(name);
                            });
                        }
                    })
                    .run();
            assertThat(frozen).isEqualTo(expected);
            TrainerGolden.assertSteps(logs, golden.get("steps"));
            int moved = 0;
            for (var entry : model.parameters().entrySet()) {
                float[] now = entry.getValue().value().toFloats();
                float[] then = Golden.floats(before, entry.getKey());
                if (keys.unfreezeLayersPerEpoch() == null && expected.contains(entry.getKey())) {
                    assertThat(now).as(entry.getKey()).containsExactly(then);
                } else if (!java.util.Arrays.equals(now, then)) moved++;
            }
            int trained = model.parameters().size() - (keys.unfreezeLayersPerEpoch() == null ? expected.size() : 0);
            assertThat(moved).isEqualTo(trained);
        }
    }
}
