package dev.attune.cli;

import dev.attune.error.StoppedException;
import dev.attune.job.Hooks;
import dev.attune.job.RecipeReader;
import dev.attune.job.search.Search;
import dev.attune.job.search.SearchControl;
import dev.attune.job.search.SearchPlan;
import dev.attune.job.search.SearchReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune search}: trains a recipe with other values of some keys, and says which are the best. */
@Command(
        name = "search",
        header = "Search for good values of a recipe's keys.",
        sortOptions = false,
        customSynopsis = {"attune search RECIPE [--search KEY=SPACE]... [FLAGS]"},
        footer = {
            "",
            "Keys below search: in the recipe are searched; --search adds one, or replaces it:",
            "  learning_rate=log_uniform(1e-5, 1e-3)    num_train_epochs=int(1, 4)",
            "  per_device_train_batch_size=choice(8, 16, 32)    weight_decay=uniform(0, 0.1)",
            "Settings stand beside them: algorithm=tpe|random|asha, trials=20, max_hours, seed, keep.",
            "",
            "The same command goes on with a search that was broken off. Exit codes as of train: 75 if it",
            "was stopped. A trial that diverges has failed; the search goes on.",
            "",
            "Examples:",
            "  attune search my-recipe.yaml --output runs/search",
            "  attune search quickstart --output runs/search --search \"learning_rate=log_uniform(1e-5, 1e-3)\""
        })
final class SearchCommand extends RecipeCommand {
    @Option(
            names = "--search",
            paramLabel = "KEY=SPACE",
            description = "A key and the values it may have, or a setting of the search.")
    private List<String> searched = new ArrayList<>();

    @Override
    int run(RecipeReader reader, PrintWriter out) {
        for (String each : searched) {
            String[] parts = each.split("=", 2);
            if (parts.length == 2) reader.searchFlag(parts[0].trim(), parts[1].trim());
            else reader.mistake("--search " + each + " has no value. Write --search KEY=SPACE.");
        }
        SearchPlan plan = SearchReader.read(reader);
        SearchControl control = new SearchControl();
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignals signals = new StopSignals(control::cancel, err)) {
            try (SearchProgress progress = new SearchProgress(plan, out, Terminal.output())) {
                Search.run(plan, Hooks.NONE, control, progress);
                return 0;
            } catch (StoppedException e) {
                Failures.say(err, e.getMessage());
                return signals.exitCode(e);
            }
        }
    }
}
