package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.ClassWeights;
import dev.attune.task.LearnedLoss;
import dev.attune.task.TaskOptions;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainerGolden;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Twenty steps of Hugging Face Trainer, made by {@code parity/make_token_trainer_golden.py}. */
class TokenClassificationTrainingTest {
    private static final Path FOLDER = Golden.path("task/tokenclassification/training");

    private static final JsonNode GOLDEN = Golden.json(FOLDER.resolve("golden.json"));

    @Test
    void twentyStepsEqualTheReference() {
        List<LogEvent> logs = train(TaskOptions.DEFAULT, null, model -> {
            try (Weights expected = Safetensors.open(FOLDER.resolve("final.safetensors"))) {
                TrainerGolden.assertParameters(model, expected, name -> false);
            }
        });
        assertThat(logs).hasSize(20);
        TrainerGolden.assertSteps(logs, GOLDEN.get("steps"));
    }

    /** Made by {@code parity/make_imbalance_golden.py}: tokens without a label take no part in the smoothing either. */
    @Test
    void smoothedLabelsAndWeightsEqualTheReference() {
        JsonNode golden = Golden.json(FOLDER.resolve("smoothed.json"));
        TaskOptions options = new TaskOptions(0.1, null, null);
        TrainerGolden.assertSteps(train(options, null, model -> {}), golden.get("smoothed"));
        double[] weights = new double[5];
        for (int c = 0; c < 5; c++) weights[c] = golden.get("weights").get(c).doubleValue();
        TrainerGolden.assertSteps(train(options, ClassWeights.of(weights), model -> {}), golden.get("weighted"));
    }

    private static List<LogEvent> train(
            TaskOptions options, @Nullable ClassWeights weights, Consumer<PretrainedModel> then) {
        TrainingArguments args =
                TrainerGolden.arguments(GOLDEN.get("arguments")).build();
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : GOLDEN.get("rows")) {
            int[] ids = Golden.ints(row.get("ids"));
            examples.add(new Example(ids, new int[ids.length], Golden.ints(row.get("labels")), new float[0]));
        }
        List<String> labels = List.of("O", "A", "B", "C", "D");
        var settings = TokenClassificationSettings.builder().labels(labels).build();
        var columns = new TokenColumns("tokens", "tags", false);
        var data = new TokenClassificationData(settings, columns, options, LearnedLoss.of(weights, 0, labels, options))
                .trainedOn(Examples.of(examples));
        var loaded = Models.load(FOLDER.resolve("model"), Head.TOKEN_CLASSIFICATION, config -> config);
        try (var model = loaded.model()) {
            List<LogEvent> logs = TrainerGolden.train(
                    args, new TokenClassificationTask(model, (TokenClassificationData) data), examples);
            then.accept(model);
            return logs;
        }
    }
}
