package dev.attune.cli;

import dev.attune.io.TerminalText;
import dev.attune.job.DataDoctor;
import dev.attune.job.Recipe;
import dev.attune.task.Finding;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code attune check}: looks at the data of a job as a doctor would, and trains nothing. */
@Command(
        name = "check",
        header = "Look at the data of a job, without training.",
        sortOptions = false,
        customSynopsis = {"attune check RECIPE [FLAGS]", "       attune check --model MODEL --train FILE|SQL [FLAGS]"},
        footer = {
            "",
            "Shows labels, lengths, duplicates, and validation rows that are also in the training data.",
            "Takes the same recipe and flags as train."
        })
final class CheckCommand extends RecipeCommand {
    @Override
    int run(Recipe recipe, PrintWriter out) {
        for (Finding finding : DataDoctor.check(recipe)) {
            String text = TerminalText.line(finding.text());
            switch (finding.level()) {
                case HEADING -> out.println(text);
                case INFO -> out.println("  " + text);
                case WARNING -> out.println("  warning: " + text);
            }
        }
        return 0;
    }
}
