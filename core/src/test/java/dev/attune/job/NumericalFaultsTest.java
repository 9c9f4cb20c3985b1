package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import dev.attune.error.DivergedException;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainingListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers that are none, where they come from, and what a run makes of them. */
class NumericalFaultsTest extends RunsFixture {
    private static final String[] ROWS = {
        "text,label", "good film,a", "bad food,a", "the film,poison", "nice film,a", "the food,a"
    };

    /** Forward 0, backward infinity: a product that is too small for a float, and then one that is too large. */
    private static final Hooks INFINITE_GRADIENT = Hooks.NONE.withLoss((logits, batch) -> {
        Tensor loss = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
        Tensor zero = logits.sum().mul(1e-30).mul(1e-30).mul(1e30).mul(1e30);
        return batch.labels()[0] == 1 ? loss.add(zero) : loss;
    });

    @Test
    void anInfiniteGradientOfAFiniteLossIsLeftOut() throws Exception {
        List<String> notes = new ArrayList<>();
        List<LogEvent> logs = new ArrayList<>();
        Job.train(
                runs.recipe("a", b -> b.perDeviceTrainBatchSize(1).maxNonfiniteSteps(1))
                        .train(runs.file("train.csv", ROWS))
                        .build(),
                INFINITE_GRADIENT,
                new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        logs.add(event);
                    }

                    @Override
                    public void onMessage(String text) {
                        notes.add(text);
                    }
                });
        assertThat(logs.stream().filter(log -> !Double.isFinite(log.gradNorm())))
                .hasSize(1);
        assertThat(notes.stream().filter(note -> note.contains("update was not made")))
                .singleElement()
                .asString()
                .matches("Step \\d: the gradient is not a finite number, so the update was not made; its rows were"
                        + " train.csv line 4; the first gradient that is not finite is that of classifier\\.bias\\.");
        assertThat(Files.readString(runs.output("a").resolve("metrics.jsonl"))).contains("\"grad_norm\":null");
    }

    @Test
    void infiniteGradientsInARowEndTheRunWithoutACheckpointOfThem() {
        String data = runs.file("train.csv", "text,label", "the film,a", "the food,poison", "good film,poison");
        assertThatThrownBy(() -> Job.train(
                        runs.recipe(
                                        "a",
                                        b -> b.perDeviceTrainBatchSize(1)
                                                .numTrainEpochs(3)
                                                .maxNonfiniteSteps(1)
                                                .saveSteps(1))
                                .train(data)
                                .build(),
                        INFINITE_GRADIENT,
                        TrainingListener.SILENT))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("the gradient is not a finite number, so the update was not made; its rows were")
                .hasMessageEndingWith(" Lower learning_rate, add warmup_steps, or check the data.");
        assertThat(runs.output("a").resolve("model.safetensors")).doesNotExist();
        Path newest = Resumption.of("must", runs.output("a")).checkpoint();
        assertThat(Job.evaluate(newest, data, TrainingListener.SILENT).get("eval_loss"))
                .isFinite();
    }

    @Test
    void aTargetThatIsNotANumberIsFoundBeforeTraining() {
        TextClassificationSettings regression = TextClassificationSettings.builder()
                .problemType(ProblemType.REGRESSION)
                .build();
        for (String bad : List.of("NaN", "Infinity", "-inf", "1e999")) {
            String data = runs.file("train.csv", "text,score", "good,1.5", "bad,0.5", "nice," + bad);
            assertThatThrownBy(() -> Job.train(
                            runs.recipe("a").settings(regression).train(data).build(), TrainingListener.SILENT))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("train.csv line 4: ")
                    .hasMessageContaining("\"" + bad + "\"");
        }
        String column = runs.file("train.csv", "text,label", "good,1.0", "bad,0.0", "nice,NaN");
        assertThatThrownBy(() -> Job.train(runs.recipe("a").train(column).build(), TrainingListener.SILENT))
                .as("as other tools write a label that is missing")
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv line 4: the target in column \"label\" is \"NaN\"");
        assertThat(runs.output("a")).doesNotExist();
    }
}
