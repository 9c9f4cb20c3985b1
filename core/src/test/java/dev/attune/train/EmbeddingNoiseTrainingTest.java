package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.DType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code neftune_noise_alpha} in a training without dropout. */
class EmbeddingNoiseTrainingTest {
    private static final List<Example> ROWS = TrainerGolden.examples(16);

    private static TextClassificationTask task(PretrainedModel model) {
        return new TextClassificationTask(
                model, ProblemType.SINGLE_LABEL_CLASSIFICATION, model.config().labels());
    }

    private static List<Double> losses(UnaryOperator<TrainingArgumentsBuilder> change) {
        TrainingArguments args = change.apply(TrainingArguments.builder()
                        .perDeviceTrainBatchSize(4)
                        .learningRate(1e-3)
                        .maxSteps(8))
                .build();
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            return TrainerGolden.train(args, task(model), ROWS).stream()
                    .map(LogEvent::loss)
                    .toList();
        }
    }

    @Test
    void changesTheTrainingAndNotTheBatches() {
        List<Double> plain = losses(a -> a);
        List<Double> noisy = losses(a -> a.neftuneNoiseAlpha(5.0));
        List<Double> other = losses(a -> a.neftuneNoiseAlpha(5.0).seed(43));
        List<Double> cut =
                losses(a -> a.neftuneNoiseAlpha(5.0).perDeviceTrainBatchSize(2).gradientAccumulationSteps(2));
        assertThat(losses(a -> a.neftuneNoiseAlpha(0.0))).isEqualTo(plain);
        assertThat(noisy).hasSize(8);
        for (int i = 0; i < 8; i++) {
            assertThat(noisy.get(i)).isNotCloseTo(plain.get(i), within(1e-4));
            assertThat(other.get(i)).isNotCloseTo(noisy.get(i), within(1e-4));
            assertThat(cut.get(i)).as("step %d", i + 1).isCloseTo(noisy.get(i), within(1e-5));
        }
    }

    /** An evaluation between two steps has no noise, and neither has a model that was trained with it. */
    @Test
    void evaluationsHaveNone() {
        TrainingArguments args = TrainingArguments.builder()
                .learningRate(0)
                .maxSteps(2)
                .neftuneNoiseAlpha(50.0)
                .build();
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = task(model);
            double before = loss(task);
            assertThat(TrainerGolden.train(args, task, ROWS)).hasSize(2);
            assertThat(loss(task)).isEqualTo(before);
            model.train(true);
            assertThat(loss(task)).isEqualTo(before);
        }
    }

    private static double loss(TextClassificationTask task) {
        return Evaluator.evaluate(task, EvaluationSet.of(ROWS), 16, DType.FLOAT32, "eval_")
                .results()
                .get("eval_loss");
    }
}
