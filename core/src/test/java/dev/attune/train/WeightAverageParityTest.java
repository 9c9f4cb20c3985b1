package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Averaged weights against torch's {@code AveragedModel} in Hugging Face Trainer. Made by {@code make_average_golden.py}. */
class WeightAverageParityTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("train/run-ema.json"));
    private static final List<Example> ROWS = TrainerGolden.examples();

    private final List<Double> evaluations = new ArrayList<>();
    private final List<Double> losses = new ArrayList<>();

    private static UnaryOperator<TrainingArgumentsBuilder> averaged() {
        return a -> a.emaDecay(GOLDEN.get("ema_decay").doubleValue());
    }

    /** Evaluations after each step, and the weights at the end. */
    @Test
    void equalsTheReference(@TempDir Path run) {
        try (PretrainedModel model =
                        Models.sequenceClassifier(Golden.path("train/model")).model();
                Weights expected = Safetensors.open(Golden.path("train/run-ema.safetensors"))) {
            train(model, run, averaged());
            TrainerGolden.assertParameters(model, expected, name -> false);
        }
        assertThat(evaluations).hasSize(GOLDEN.get("losses").size()).hasSize(12);
        for (int i = 0; i < evaluations.size(); i++) {
            assertThat(evaluations.get(i))
                    .as("step %d", i + 1)
                    .isCloseTo(GOLDEN.get("losses").get(i).doubleValue(), within(1e-5));
        }
    }

    /** Training goes on with its own weights, and a checkpoint holds the averaged ones for others to read. */
    @Test
    void theTrainingNeverSeesIt(@TempDir Path run) {
        List<Double> plain = new ArrayList<>();
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            train(model, run.resolve("plain"), a -> a);
        }
        plain.addAll(losses);
        losses.clear();
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            train(model, run.resolve("averaged"), averaged());
        }
        assertThat(losses).isEqualTo(plain).hasSize(12);
        try (PretrainedModel last = Models.sequenceClassifier(run.resolve("averaged/checkpoint-12"))
                        .model();
                Weights expected = Safetensors.open(Golden.path("train/run-ema.safetensors"))) {
            TrainerGolden.assertParameters(last, expected, name -> false);
        }
    }

    @Test
    void theBestModelIsAnAveragedOne(@TempDir Path run) {
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            // The rate is so high that later steps are worse.
            train(model, run, averaged().andThen(a -> a.learningRate(0.05).loadBestModelAtEnd(true))::apply);
            double best = evaluations.stream().mapToDouble(loss -> loss).min().orElseThrow();
            assertThat(evaluations.get(11)).isGreaterThan(best);
            double loss = Evaluator.evaluate(task(model), EvaluationSet.of(ROWS), 37, DType.FLOAT32, "eval_")
                    .results()
                    .get("eval_loss");
            assertThat(loss).isCloseTo(best, within(1e-6));
        }
    }

    private static TextClassificationTask task(PretrainedModel model) {
        return new TextClassificationTask(
                model, ProblemType.SINGLE_LABEL_CLASSIFICATION, model.config().labels());
    }

    private void train(PretrainedModel model, Path run, UnaryOperator<TrainingArgumentsBuilder> change) {
        TrainingArguments args = change.apply(TrainerGolden.arguments(GOLDEN.get("arguments"))
                        .perDeviceEvalBatchSize(37)
                        .evalStrategy(IntervalStrategy.STEPS)
                        .evalSteps(1.0)
                        .saveSteps(1))
                .build();
        new Trainer(args, task(model), Examples.of(ROWS), EvaluationSet.of(ROWS), new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        losses.add(event.loss());
                    }

                    @Override
                    public void onEvaluate(EvaluationEvent event) {
                        evaluations.add(event.metrics().get("eval_loss"));
                    }
                })
                .savingTo(run, model::save, Map.of())
                .run();
    }
}
