package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.task.ClassLoss;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Twenty steps of a Trainer whose {@code compute_loss} weighs the classes; under accumulation those of a loop that divides by
 * the weights of the whole group. Made by {@code parity/make_imbalance_golden.py}.
 */
class WeightedTrainingParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"run-class-weights", "run-class-weights-smoothed", "run-class-weights-accumulation"})
    void twentyStepsEqualTheReference(String run) {
        JsonNode golden = Golden.json(Golden.path("train/" + run + ".json"));
        double[] weights = new double[3];
        for (int c = 0; c < 3; c++) weights[c] = golden.get("weights").get(c).doubleValue();
        ClassLoss loss = new ClassLoss(weights, 0, golden.get("smoothing").doubleValue());
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).build();
        var loaded = Models.sequenceClassifier(Golden.path("train/model"));
        try (var model = loaded.model()) {
            var task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels(),
                    loss);
            TrainerGolden.assertSteps(TrainerGolden.train(args, task, TrainerGolden.examples()), golden.get("steps"));
        }
    }

    /** Two epochs of a Trainer with torch's WeightedRandomSampler. */
    @Test
    void drawnStepsEqualTheReference() {
        JsonNode golden = Golden.json(Golden.path("train/run-oversampled.json"));
        TrainingArguments args = TrainerGolden.arguments(golden.get("arguments"))
                .oversample(Oversample.BALANCED)
                .build();
        var loaded = Models.sequenceClassifier(Golden.path("train/model"));
        try (var model = loaded.model()) {
            var task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            assertThat(golden.get("steps")).hasSize(20);
            TrainerGolden.assertSteps(TrainerGolden.train(args, task, TrainerGolden.examples()), golden.get("steps"));
        }
    }
}
