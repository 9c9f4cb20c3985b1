package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.Sgd;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Twenty training steps with each optimizer against Hugging Face Trainer, and against a loop by hand under accumulation. Made by
 * {@code parity/make_trainer_optimizer_golden.py}.
 */
class OptimizerRunsParityTest {
    private static final JsonNode RUNS =
            Golden.json(Golden.path("train/run-optimizers.json")).get("runs");

    static IntStream runs() {
        return IntStream.range(0, RUNS.size());
    }

    @ParameterizedTest
    @MethodSource("runs")
    void twentyStepsEqualTheReference(int run) {
        JsonNode given = RUNS.get(run).get("arguments");
        TrainingArgumentsBuilder args = TrainerGolden.arguments(given).optim((OptimizerNames) TrainingArguments.schema()
                .find("optim")
                .orElseThrow()
                .parse(given.get("optim").stringValue()));
        if (given.has("optim_args")) {
            args.optimArgs(OptimizerArguments.builder()
                    .text(given.get("optim_args").stringValue())
                    .build());
        }
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            TrainerGolden.assertSteps(
                    TrainerGolden.train(args.build(), task, TrainerGolden.examples()),
                    RUNS.get(run).get("steps"));
        }
    }

    /** Handed over as a function, an optimizer trains as the one that is named. */
    @Test
    void anOwnOptimizerTakesThePlaceOfTheNamedOne() {
        TrainingArgumentsBuilder args =
                TrainingArguments.builder().learningRate(0.05).maxSteps(4).perDeviceTrainBatchSize(4);
        double named = loss(
                args.optim(OptimizerNames.SGD)
                        .optimArgs(OptimizerArguments.builder().momentum(0.9).build())
                        .build(),
                trainer -> trainer);
        TrainingArguments plain =
                args.optim(OptimizerNames.ADAMW_TORCH_FUSED).optimArgs(null).build();
        double own = loss(plain, trainer -> trainer.optimizingWith(groups -> new Sgd(groups, 0.9, 0, false)));
        assertThat(own).isEqualTo(named).isNotEqualTo(loss(plain, trainer -> trainer));
    }

    private static double loss(TrainingArguments args, UnaryOperator<Trainer> change) {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            Examples examples = Examples.of(TrainerGolden.examples());
            Trainer trainer = new Trainer(args, task, examples, EvaluationSet.NONE, new TrainingListener() {});
            return change.apply(trainer).run().trainLoss();
        }
    }
}
