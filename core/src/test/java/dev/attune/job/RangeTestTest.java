package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.io.Sha256;
import dev.attune.model.Golden;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RangeTestTest extends RunsFixture {
    private Recipe recipe(String output) {
        return runs.recipe(
                        output,
                        b -> b.evalStrategy(IntervalStrategy.EPOCH)
                                .saveStrategy(SaveStrategy.BEST)
                                .metricForBestModel("accuracy")
                                .loadBestModelAtEnd(true))
                .train(runs.sentiment("train.csv", 64))
                .validation(runs.sentiment("v.csv", 12))
                .build();
    }

    private static RangeResult run(RangeTest test, Recipe recipe) {
        return test.run(recipe, TrainingListener.SILENT, new TrainerControl());
    }

    @Test
    void ratesRiseByAFactorAndTheLossesAreThoseOfATraining() throws IOException {
        RangeTest test = new RangeTest(1e-5, 1e-2, 40);
        List<Double> heard = new ArrayList<>();
        RangeResult found = test.run(
                recipe("range"),
                new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        heard.add(event.stepLoss());
                    }
                },
                new TrainerControl());

        assertThat(found.rates()).hasSize(40);
        assertThat(found.rates().get(0)).isEqualTo(1e-5);
        assertThat(found.rates().get(39)).isCloseTo(1e-2, within(1e-12));
        for (int i = 1; i < 40; i++) {
            assertThat(found.rates().get(i) / found.rates().get(i - 1))
                    .isCloseTo(Math.pow(1000, 1 / 39.0), within(1e-9));
        }
        assertThat(found.losses()).isEqualTo(heard);
        // The first step of a training has learned nothing yet, so its rate does not show.
        List<Double> ordinary = new ArrayList<>();
        Job.train(recipe("run"), new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                ordinary.add(event.stepLoss());
            }
        });
        assertThat(found.losses().get(0)).isEqualTo(ordinary.get(0));
        assertThat(found.losses().get(1)).isNotEqualTo(ordinary.get(1));
        // A mean over all steps with falling weights.
        double sum = 0;
        double weights = 0;
        for (int i = 0; i < 40; i++) {
            double weight = Math.pow(0.98, 39 - i);
            sum += weight * found.losses().get(i);
            weights += weight;
        }
        assertThat(found.smoothed().get(39)).isCloseTo(sum / weights, within(1e-12));
    }

    @Test
    void itIsDeterministicAndKeepsNothing() throws IOException {
        String before = Sha256.of(runs.model.resolve("model.safetensors"));
        RangeResult one = run(RangeTest.DEFAULT, recipe("one"));
        RangeResult other = run(RangeTest.DEFAULT, recipe("other"));

        assertThat(other.losses()).isEqualTo(one.losses());
        assertThat(Sha256.of(runs.model.resolve("model.safetensors"))).isEqualTo(before);
        try (Stream<Path> files = Files.list(runs.output("one"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("lr-range.json", "lr-range.svg");
        }
        JsonNode json = Golden.json(runs.output("one").resolve("lr-range.json"));
        assertThat(json.get("points")).hasSize(one.rates().size());
        assertThat(json.get("suggestion").doubleValue()).isEqualTo(one.suggestion());
        assertThat(runs.output("one").resolve("lr-range.svg")).content().contains("falls fastest", "1e-3");
    }

    /** A rate of 1e6 bursts every model: the test ends early, and is no failure. */
    @Test
    void itEndsWhereTheLossBursts() {
        RangeResult found = run(new RangeTest(1e-5, 1e6, 60), recipe("burst"));
        int made = found.rates().size();
        assertThat(made).isBetween(20, 59);
        double least =
                found.smoothed().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        for (int i = 0; i < made - 1; i++) assertThat(found.smoothed().get(i)).isLessThanOrEqualTo(4 * least);
    }

    @Test
    void aRunThatIsInTheFolderStays() {
        Job.train(recipe("run"), TrainingListener.SILENT);
        run(new RangeTest(1e-5, 1e-2, 20), recipe("run"));
        assertThat(runs.output("run").resolve("model.safetensors")).exists();
        assertThat(runs.output("run").resolve("lr-range.svg")).exists();
    }

    /** A curve whose steepest place and minimum are known: flat, falling fastest at 1e-3, least at 1e-2, rising. */
    @Test
    void theSuggestionIsTheLowerOfBothRules() {
        RangeTest test = new RangeTest(1e-6, 1, 121); // twenty steps a power of ten
        List<Double> rates = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 121; i++) {
            double power = -6 + i / 20.0;
            rates.add(Math.pow(10, power));
            double fall = 1 / (1 + Math.exp(-4 * (power + 3)));
            double rise = Math.max(0, power + 2);
            losses.add(2 - fall + 3 * rise * rise);
        }
        RangeResult found = new RangeResult(test, rates, losses, losses);
        assertThat(Math.log10(found.steepest())).isCloseTo(-3, within(0.06));
        assertThat(Math.log10(found.tenthOfMinimum())).isCloseTo(-3, within(0.06));
        assertThat(found.suggestion()).isIn(8.9e-4, 1e-3);

        // Losses that only rise suggest nothing.
        List<Double> rising = new ArrayList<>();
        for (int i = 0; i < 121; i++) rising.add(1 + i / 100.0);
        RangeResult none = new RangeResult(test, rates, rising, rising);
        assertThat(none.suggestion()).isNull();
        assertThat(none.toMap()).containsEntry("suggestion", null);
        assertThat(none.svg()).doesNotContain("falls fastest");
    }

    /** What is before the first tenth or among the last five steps is no place to suggest. */
    @Test
    void theEndsDoNotCount() {
        RangeTest test = new RangeTest(1e-6, 1, 121);
        List<Double> rates = new ArrayList<>();
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < 121; i++) {
            rates.add(test.rate(i));
            losses.add(i < 5 ? 9.0 - i : i > 117 ? 0.0 : 3 - i / 1000.0 - (i > 60 ? 0.5 : 0));
        }
        RangeResult found = new RangeResult(test, rates, losses, losses);
        assertThat(found.steepest()).isEqualTo(rates.get(60));
        assertThat(found.tenthOfMinimum()).isEqualTo(rates.get(115) / 10);
    }

    @Test
    void impossibleRanges() {
        assertThatThrownBy(() -> new RangeTest(1e-2, 1e-3, 100))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "The rates go from 0.01 to 0.001, but have to begin above 0 and to end at a higher one. Change"
                                + " --min or --max.");
        assertThatThrownBy(() -> new RangeTest(0, 1e-3, 100)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new RangeTest(1e-7, 1, 19))
                .hasMessage("--steps is 19, but a curve needs 20 at least.");
    }
}
