package dev.attune.cli;

import dev.attune.error.DataException;
import dev.attune.io.TerminalText;
import dev.attune.job.DataDoctor;
import dev.attune.job.Diagnosis;
import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import dev.attune.task.Finding;
import dev.attune.task.Finding.Level;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune check}: looks at the data of a job as a doctor would, and keeps nothing. */
@Command(
        name = "check",
        header = "Look at the data of a job before training.",
        sortOptions = false,
        customSynopsis = {"attune check RECIPE [FLAGS]", "       attune check --model MODEL --train FILE|SQL [FLAGS]"},
        footer = {
            "",
            "Shows labels, lengths, strange and repeated texts, rows of validation and test that are also in the training",
            "data, three examples as the model will see them, and what a training would take in time, memory and disk.",
            "Takes the same recipe and flags as train. Exit code 3 if a training would refuse the data."
        })
final class CheckCommand extends RecipeCommand {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--no-estimate",
            description = "Do not train the few steps that time, memory and disk are estimated from.")
    private boolean noEstimate;

    @Override
    int run(RecipeReader reader, PrintWriter out) {
        Recipe recipe = reader.forTraining();
        Diagnosis found = DataDoctor.check(recipe, !noEstimate, json ? line -> {} : line -> print(line, out));
        if (json) out.println(JsonLine.of(found.toMap()));
        if (!found.hasErrors()) return 0;
        out.flush();
        throw new DataException("A training would refuse these data: " + found.count(Level.ERROR)
                + (found.count(Level.ERROR) == 1 ? " error is" : " errors are")
                + " shown above. Correct the rows first.");
    }

    private static void print(Finding finding, PrintWriter out) {
        String text = TerminalText.line(finding.text());
        switch (finding.level()) {
            case HEADING -> out.println(text);
            case INFO -> out.println("  " + text);
            case WARNING -> out.println("  warning: " + text);
            case ERROR -> out.println("  error: " + text);
        }
    }
}
