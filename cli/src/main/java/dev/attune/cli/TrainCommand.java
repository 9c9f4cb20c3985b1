package dev.attune.cli;

import dev.attune.error.StoppedException;
import dev.attune.job.Hooks;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import dev.attune.train.TrainerControl;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code attune train}: from a recipe or flags to a model folder. */
@Command(
        name = "train",
        header = "Fine-tune a model.",
        sortOptions = false,
        customSynopsis = {
            "attune train RECIPE [FLAGS]",
            "       attune train --model MODEL --train FILE|SQL --output DIR [FLAGS]"
        },
        footer = {
            "",
            "Flags win over the recipe. Every key of a recipe is a flag:",
            "--help-all lists them, attune explain KEY tells more about one.",
            "",
            "Examples:",
            "  attune train quickstart",
            "  attune train quickstart --learning-rate 5e-5 --output runs/slower",
            "  attune train --model minilm --train train.csv --output runs/mine"
        })
final class TrainCommand extends RecipeCommand {
    @Override
    int run(RecipeReader reader, PrintWriter out) {
        Recipe recipe = reader.forTraining();
        TrainerControl control = new TrainerControl();
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignals signals = new StopSignals(control::cancel, err)) {
            try (ConsoleProgress progress = ConsoleProgress.on(out, Terminal.output())) {
                Job.train(recipe, Hooks.NONE.withControl(control), progress);
                return 0;
            } catch (StoppedException e) {
                Failures.say(err, e.getMessage());
                return signals.exitCode(e);
            }
        }
    }
}
