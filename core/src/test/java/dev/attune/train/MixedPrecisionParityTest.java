package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Examples;
import dev.attune.error.DivergedException;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Cpu;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Twenty steps in 16 bits against the reference. Made by {@code parity/make_precision_golden.py}. */
class MixedPrecisionParityTest {
    private static final String CLASSIFIER = "classifier.weight";

    /** Without instructions for 16 bits the sums of a product have another order, and single losses lie further apart. */
    private static final double ORDERS = Cpu.here().lacksBfloat16() ? 2 : 1;

    @Test
    void bfloat16EqualsTheReference() {
        JsonNode golden = Golden.json(Golden.path("train/run-bf16.json"));
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).bf16(true).build();
        List<LogEvent> logs = train(args, 1);
        JsonNode steps = golden.get("steps");
        assertThat(logs).hasSize(steps.size()).hasSize(20);
        double sum = 0;
        for (int i = 0; i < logs.size(); i++) {
            double loss = steps.get(i).get("loss").doubleValue();
            // A logit of 1 is rounded to a multiple of 2^-8; the order of sums decides the direction.
            assertThat(logs.get(i).loss()).as("step %d", i + 1).isCloseTo(loss, within(ORDERS * 0x1p-8));
            assertThat(logs.get(i).loss())
                    .isNotEqualTo(golden.get("float32").get(i).doubleValue());
            assertThat(logs.get(i).learningRate())
                    .isCloseTo(steps.get(i).get("learning_rate").doubleValue(), within(1e-12));
            sum += logs.get(i).loss() - loss;
        }
        assertThat(sum / logs.size()).as("no drift").isCloseTo(0, within(5e-4));
    }

    @Test
    void float16SkipsAndScalesAsTheReference() {
        JsonNode golden = Golden.json(Golden.path("train/run-fp16.json"));
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).fp16(true).build();
        compare(golden, train(args, golden.get("larger").doubleValue()), ORDERS * 0x1p-10);
        TrainingArguments twice = args.toBuilder().gradientCheckpointing(true).build();
        // Gradients of 16 bits are summed in another order.
        compare(golden, train(twice, golden.get("larger").doubleValue()), ORDERS * 0x1p-9);
    }

    private static void compare(JsonNode golden, List<LogEvent> logs, double tolerance) {
        JsonNode steps = golden.get("steps");
        assertThat(logs).hasSize(steps.size()).hasSize(20);
        for (int i = 0; i < logs.size(); i++) {
            JsonNode step = steps.get(i);
            double loss = step.get("loss").doubleValue();
            assertThat(logs.get(i).loss()).as("step %d", i + 1).isCloseTo(loss, within(tolerance * (1 + loss)));
            if (!step.get("skipped").booleanValue()) {
                double norm = step.get("grad_norm").doubleValue();
                assertThat(logs.get(i).gradNorm()).as("step %d", i + 1).isCloseTo(norm, within(0x1p-8 * norm));
            }
            assertThat(Double.isFinite(logs.get(i).gradNorm()))
                    .as("step %d", i + 1)
                    .isNotEqualTo(step.get("skipped").booleanValue());
            assertThat(logs.get(i).learningRate())
                    .as("step %d", i + 1)
                    .isCloseTo(step.get("learning_rate").doubleValue(), within(1e-12));
        }
    }

    /** What is skipped is skipped again, at the same rates. */
    @Test
    void goesOnBetweenTwoScales(@TempDir Path run) {
        JsonNode golden = Golden.json(Golden.path("train/run-fp16.json"));
        TrainingArguments args = TrainerGolden.arguments(golden.get("arguments"))
                .fp16(true)
                .saveSteps(1)
                .maxSteps(6)
                .build();
        double larger = golden.get("larger").doubleValue();
        List<String> notes = new ArrayList<>();
        List<LogEvent> whole = train(args, larger, run, null, notes);
        assertThat(notes.stream().filter(note -> note.contains("overflowed")))
                .containsExactly(
                        "Step 1: a gradient overflowed float16 at the loss scale 65536, so no update was made and the scale"
                                + " is halved. That is how fp16 finds its scale; it happens now and then.",
                        "Step 2: a gradient overflowed float16 at the loss scale 32768, so no update was made.");
        for (int step = 1; step < 6; step++) {
            Path checkpoint = run.resolve("checkpoint-" + step);
            List<LogEvent> rest = train(args, larger, run, checkpoint, new ArrayList<>());
            assertThat(rest).hasSize(6 - step);
            for (int i = 0; i < rest.size(); i++) {
                LogEvent before = whole.get(step + i);
                assertThat(rest.get(i).loss()).isEqualTo(before.loss());
                assertThat(rest.get(i).learningRate()).isEqualTo(before.learningRate());
                assertThat(rest.get(i).gradNorm()).isEqualTo(before.gradNorm());
            }
        }
    }

    @Test
    void aRunWithoutAnUpdateSaysSo() {
        JsonNode golden = Golden.json(Golden.path("train/run-fp16.json"));
        TrainingArguments args = TrainerGolden.arguments(golden.get("arguments"))
                .fp16(true)
                .maxSteps(2)
                .build();
        assertThatThrownBy(() -> train(args, golden.get("larger").doubleValue()))
                .isInstanceOf(DivergedException.class)
                .hasMessage("None of 2 steps made an update, because a gradient overflowed float16 in each of them, so"
                        + " nothing was learned. Train for more steps, or with bf16.");
    }

    private static List<LogEvent> train(
            TrainingArguments args, double larger, Path run, @Nullable Path checkpoint, List<String> notes) {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            model.parameters().get(CLASSIFIER).value().mulInPlace(larger);
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            List<LogEvent> logs = new ArrayList<>();
            Examples examples = Examples.of(TrainerGolden.examples());
            Trainer trainer = new Trainer(args, task, examples, EvaluationSet.NONE, new TrainingListener() {
                        @Override
                        public void onStepEnd(LogEvent event) {
                            logs.add(event);
                        }

                        @Override
                        public void onMessage(String text) {
                            notes.add(text);
                        }
                    })
                    .savingTo(run, model::save, Map.of());
            if (checkpoint == null) trainer.run();
            else trainer.resume(checkpoint);
            return logs;
        }
    }

    private static List<LogEvent> train(TrainingArguments args, double larger) {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            model.parameters().get(CLASSIFIER).value().mulInPlace(larger);
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            return TrainerGolden.train(args, task, TrainerGolden.examples());
        }
    }
}
