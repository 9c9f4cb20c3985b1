package dev.attune.job;

import dev.attune.data.DataSource;
import dev.attune.error.ConfigException;
import dev.attune.error.DivergedException;
import dev.attune.train.EvaluationSets;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.RunFolder;
import dev.attune.train.SaveStrategy;
import dev.attune.train.SchedulerType;
import dev.attune.train.Trainer;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The learning-rate range test (Smith 2015): some steps of an ordinary training whose rate rises by the same factor from step to
 * step. Where the loss falls fastest the rate is good, and beyond the least loss it is too high. Nothing is kept of the model.
 *
 * <p>As in fastai the test ends early where the smoothed loss is more than four times the least one.
 *
 * <pre>{@code
 * RangeResult found = RangeTest.DEFAULT.run(recipe, TrainingListener.SILENT, new TrainerControl());
 * }</pre>
 *
 * @param min rate of the first step
 * @param max rate of the last one
 * @param steps optimizer steps
 */
public record RangeTest(double min, double max, int steps) {
    /** From 1e-7 to 1 in 100 steps. */
    public static final RangeTest DEFAULT = new RangeTest(1e-7, 1, 100);

    private static final double TOO_HIGH = 4;

    public RangeTest {
        if (!(min > 0) || !(min < max) || !Double.isFinite(max)) {
            throw new ConfigException("The rates go from " + min + " to " + max
                    + ", but have to begin above 0 and to end at a higher one. Change --min or --max.");
        }
        if (steps < 20) {
            throw new ConfigException("--steps is " + steps + ", but a curve needs 20 at least.");
        }
    }

    /** The rate of a step. @param step from 0 */
    double rate(int step) {
        return min * Math.pow(max / min, (double) step / (steps - 1));
    }

    /**
     * Makes the steps, and leaves {@code lr-range.json} and {@code lr-range.svg} in {@code output_dir}; a run that is in there stays.
     *
     * @param listener hears each step
     * @throws DivergedException if there was no step with a finite loss
     */
    public RangeResult run(Recipe recipe, TrainingListener listener, TrainerControl control) {
        try (RunFolder folder = RunFolder.open(recipe.training().outputDir())) {
            RangeResult result = steps(alone(recipe), listener, control);
            folder.json("lr-range.json", result.toMap());
            folder.text("lr-range.svg", result.svg());
            return result;
        }
    }

    /** The recipe without what comes beside the steps or in between. */
    private Recipe alone(Recipe recipe) {
        TrainingArguments args = recipe.training().toBuilder()
                .maxSteps(steps)
                .lrSchedulerType(SchedulerType.CONSTANT)
                .lrSchedulerKwargs(null)
                .warmupSteps(0)
                .maxNonfiniteSteps(Integer.MAX_VALUE) // the first one ends the test
                .evalStrategy(IntervalStrategy.NO)
                .evalSteps(null)
                .evalOnStart(false)
                .metricForBestModel(null)
                .loadBestModelAtEnd(false)
                .earlyStoppingPatience(null)
                .unfreezeLayersPerEpoch(null)
                .emaDecay(null)
                .saveStrategy(SaveStrategy.NO)
                .build();
        return recipe.toBuilder()
                .training(args)
                .validation((DataSource) null)
                .validationSets(List.of())
                .test((DataSource) null)
                .build();
    }

    private RangeResult steps(Recipe recipe, TrainingListener listener, TrainerControl control) {
        RangeLosses losses = new RangeLosses();
        TrainingListener hears = new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                losses.add(event.learningRate(), event.stepLoss());
                listener.onStepEnd(event);
                if (losses.isOver(TOO_HIGH)) control.stop();
            }
        };
        try (OpenJob job = OpenJob.of(
                recipe, recipe.training().outputDir(), Resumption.none(), rows -> JobData.read(rows, Hooks.NONE))) {
            new Trainer(job.recipe().training(), job.task(), job.order(), new EvaluationSets(Map.of()), hears, control)
                    .withLearningRate(this::rate)
                    .run();
        } catch (DivergedException e) {
            // Too high a rate may spoil the weights at last: that is what the test was for.
            if (losses.rates().isEmpty()) throw e;
        }
        return new RangeResult(this, losses.rates(), losses.losses(), losses.smoothed());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1e to %.1e in %d steps", min, max, steps);
    }
}
