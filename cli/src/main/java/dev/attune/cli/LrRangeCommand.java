package dev.attune.cli;

import dev.attune.error.StoppedException;
import dev.attune.job.RangeResult;
import dev.attune.job.RangeTest;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune lr-range}: the loss over a learning rate that rises, and the rate that it suggests. */
@Command(
        name = "lr-range",
        header = "Find a learning rate by the range test.",
        sortOptions = false,
        customSynopsis = {
            "attune lr-range RECIPE [FLAGS]",
            "       attune lr-range --model MODEL --train FILE|SQL --output DIR [FLAGS]"
        },
        footer = {
            "",
            "Trains some steps while the learning rate rises, and keeps nothing of the model. Takes the same recipe and",
            "flags as train. The curve is drawn into lr-range.svg in the output folder, its numbers are in lr-range.json.",
            "The suggestion is the lower of two: where the smoothed loss falls fastest, and a tenth of where it is least."
        })
final class LrRangeCommand extends RecipeCommand {
    private static final int ROWS = 16;

    @Option(names = "--min", paramLabel = "RATE", description = "Learning rate of the first step, default 1e-7.")
    private double min = RangeTest.DEFAULT.min();

    @Option(names = "--max", paramLabel = "RATE", description = "Learning rate of the last step, default 1.")
    private double max = RangeTest.DEFAULT.max();

    @Option(names = "--steps", paramLabel = "N", description = "Optimizer steps, default 100.")
    private int steps = RangeTest.DEFAULT.steps();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    int run(RecipeReader reader, PrintWriter out) {
        RangeTest test = new RangeTest(min, max, steps);
        Recipe recipe = reader.forTraining();
        TrainerControl control = new TrainerControl();
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignals signals = new StopSignals(control::cancel, err)) {
            RangeResult found = test.run(recipe, progress(err), control);
            if (json) out.println(JsonLine.of(found.toMap()));
            else print(found, recipe, out);
            return 0;
        } catch (StoppedException e) {
            Failures.say(err, "Stopped. A range test cannot be gone on with.");
            return StopSignals.INTERRUPTED;
        }
    }

    private static TrainingListener progress(PrintWriter err) {
        if (!Terminal.output()) return TrainingListener.SILENT;
        ProgressLine line = new ProgressLine(err, System::nanoTime);
        return new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                boolean last = event.step() == event.totalSteps();
                line.rewrite(
                        () -> "step " + event.step() + "/" + event.totalSteps() + "  loss "
                                + Numbers.loss(event.stepLoss()),
                        last);
                if (last) line.clear();
            }
        };
    }

    private static void print(RangeResult found, Recipe recipe, PrintWriter out) {
        int made = found.rates().size();
        out.println("learning rate      loss  smoothed");
        int apart = Math.max(1, (made + ROWS - 1) / ROWS);
        for (int i = 0; i < made; i += apart) {
            out.println(String.format(
                    Locale.ROOT,
                    "%13s  %8.4f  %8.4f",
                    Numbers.scientific(found.rates().get(i)),
                    found.losses().get(i),
                    found.smoothed().get(i)));
        }
        out.println();
        if (made < found.test().steps()) {
            out.println("Ended after " + made + " of " + found.test().steps() + " steps: the loss burst.");
        }
        Double suggestion = found.suggestion();
        Double steepest = found.steepest();
        Double tenth = found.tenthOfMinimum();
        if (suggestion == null || steepest == null || tenth == null) {
            out.println(
                    "The loss never fell, so there is nothing to suggest. Try more --steps, or another --min and --max.");
        } else {
            out.println("Falls fastest at     " + Numbers.scientific(steepest));
            out.println("A tenth of the least " + Numbers.scientific(tenth));
            out.println("Suggestion           learning_rate: " + Numbers.scientific(suggestion));
        }
        out.println("Curve and numbers are in " + recipe.training().outputDir().resolve("lr-range.svg")
                + " and lr-range.json.");
    }
}
