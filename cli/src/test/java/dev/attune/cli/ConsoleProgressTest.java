package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.adapt.TrainableParameters;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainSummary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final StringWriter text = new StringWriter();

    private static LogEvent step(int step, boolean periodic) {
        return new LogEvent(
                step, 894, 1.38, 3, 0.3121, 0.3, 1.7e-5, 0.838, 16, 700, 5912, 0.92, 3328599655L, 192, periodic);
    }

    @Test
    void oneLineTellsAll() {
        assertThat(ConsoleProgress.progress(step(412, false)))
                .isEqualTo("epoch 1.38/3  step 412/894  46%  loss 0.312  lr 1.7e-5  gnorm 0.84  5.9k tok/s (92% real)"
                        + "  mem 3.1G  ETA 03:12");
    }

    @Test
    void withoutATerminalOnlyPeriodicStepsAreLines() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        progress.onStepEnd(step(1, false));
        progress.onStepEnd(step(2, true));
        progress.onStepEnd(step(3, false));
        progress.onStepEnd(step(894, false));
        assertThat(text.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("epoch 1.38/3"));
        assertThat(text.toString()).doesNotContain("\r").doesNotContain("\u001b");
    }

    @Test
    void onATerminalTheLineIsRewrittenAndClearedForARow() {
        long[] now = {0};
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), true, () -> now[0]);
        progress.onStepEnd(step(1, false));
        progress.onStepEnd(step(2, false)); // too soon
        now[0] = 200_000_000;
        progress.onStepEnd(step(3, false));
        progress.onEvaluate(new EvaluationEvent(3, 1, Map.of("eval_loss", 0.25)));
        assertThat(text.toString().split("\r")).hasSize(5);
        assertThat(text.toString())
                .contains("step 1/894")
                .doesNotContain("step 2/894")
                .contains("step 3/894");
        assertThat(text.toString()).contains("\r  epoch     step      loss");
    }

    @Test
    void closingEndsTheLineThatIsRewritten() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), true, () -> 0);
        progress.onStepEnd(step(1, false));
        progress.close();
        assertThat(text.toString()).endsWith(System.lineSeparator());
        String ended = text.toString();
        progress.close();
        assertThat(text.toString()).as("once").isEqualTo(ended);
    }

    @Test
    void evaluationsAreAnAlignedTable() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", 0.30125);
        metrics.put("eval_accuracy", 0.8912);
        metrics.put("eval_runtime", 1.5);
        metrics.put("eval_samples_per_second", 100.0);
        progress.onEvaluate(new EvaluationEvent(120, 1, metrics));
        metrics.put("eval_loss", 0.25);
        progress.onEvaluate(new EvaluationEvent(240, 2, metrics));
        assertThat(text.toString().lines())
                .containsExactly(
                        "  epoch     step      loss  accuracy",
                        "   1.00      120    0.3013    0.8912",
                        "   2.00      240    0.2500    0.8912");
    }

    @Test
    void setsWithNamesAreRowsOfTheSameTable() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        progress.onEvaluate(new EvaluationEvent(120, 1, Map.of("eval_loss", 0.5)));
        progress.onEvaluate(new EvaluationEvent(120, 1, "arabic", Map.of("eval_arabic_loss", 0.75)));
        assertThat(text.toString().lines())
                .containsExactly(
                        "  epoch     step      loss",
                        "   1.00      120    0.5000",
                        "   1.00      120    0.7500  arabic");
    }

    @Test
    void metricsThatDoNotFitIntoALineAreLeftToTheEnd() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eval_loss", 1.5);
        for (int i = 0; i < 20; i++) metrics.put("eval_metric" + i, (double) i);
        progress.onEvaluate(new EvaluationEvent(120, 1, metrics));
        assertThat(text.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .first()
                .asString()
                .startsWith("  epoch     step      loss   metric0   metric1")
                .hasSizeGreaterThan(70);
    }

    @Test
    void theHeaderHasATableOfWhatIsTrained() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        TrainableParameters parts = new TrainableParameters(List.of(
                new TrainableParameters.Part("embeddings", 0, 11_720_448),
                new TrainableParameters.Part("layers 0 to 4", 0, 8_872_320),
                new TrainableParameters.Part("layer 5", 1_774_464, 0),
                new TrainableParameters.Part("classifier", 770, 0)));
        progress.onTrainBegin(new RunInfo(
                "minilm", "t", "text", 90, 0, 22_368_002, parts.trained(), parts, 8, 3, "cpu", "float32", 2));
        assertThat(text.toString()).contains("22.4M parameters, 1.8M trained");
        assertThat(text.toString().lines().skip(5))
                .containsExactly(
                        "                     trained         frozen",
                        "embeddings                 0     11,720,448",
                        "layers 0 to 4              0      8,872,320",
                        "layer 5            1,774,464              0",
                        "classifier               770              0",
                        "all                1,775,234     20,592,768",
                        "");
    }

    @Test
    void headerAndEnd() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(text), false, () -> 0);
        progress.onTrainBegin(new RunInfo(
                "minilm",
                "text-classification",
                "text from body, label from stars",
                9000,
                1000,
                22_713_216,
                22_713_216,
                new TrainableParameters(List.of(new TrainableParameters.Part("classifier", 22_713_216, 0))),
                894,
                3,
                "cpu",
                "float32",
                2));
        progress.onMessage("Two texts were cut.");
        progress.onTrainEnd(new TrainSummary(
                Path.of("runs", "q"),
                Map.of("eval_samples", 1000.0, "eval_accuracy", 0.9),
                "a report\n",
                "attune predict --model runs/q x"));
        assertThat(text.toString())
                .contains("model  minilm, 22.7M parameters, all trained")
                .contains("task   text-classification, text from body, label from stars")
                .contains("data   9,000 training examples, 1,000 validation")
                .contains("run    894 steps, 3 epochs, cpu, float32, 2 threads")
                .contains("note: Two texts were cut.")
                .contains("a report")
                .contains("  attune predict --model runs/q x")
                .containsPattern("eval_samples +1,000\\R")
                .containsPattern("eval_accuracy +0\\.9000\\R");
    }

    @Test
    void numbersAreShort() {
        assertThat(Numbers.si(950)).isEqualTo("950");
        assertThat(Numbers.si(999.7)).isEqualTo("1.0k");
        assertThat(Numbers.si(123_456)).isEqualTo("123k");
        assertThat(Numbers.bytes(1536L << 20)).isEqualTo("1.5G");
        assertThat(Numbers.scientific(5e-5)).isEqualTo("5.0e-5");
        assertThat(Numbers.scientific(0)).isEqualTo("0");
        assertThat(Numbers.plain(3)).isEqualTo("3");
        assertThat(Numbers.plain(10)).isEqualTo("10");
        assertThat(Numbers.plain(2.5)).isEqualTo("2.5");
        assertThat(Numbers.loss(0.0001234)).isEqualTo("1.23e-04");
        assertThat(Numbers.time(Double.NaN)).isEqualTo("--:--");
        assertThat(Numbers.time(3792)).isEqualTo("1:03:12");
    }
}
