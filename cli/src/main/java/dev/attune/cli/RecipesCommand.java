package dev.attune.cli;

import dev.attune.io.TerminalText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune recipes}: the recipes that come with Attune. */
@Command(name = "recipes", header = "List the recipes that come with Attune.")
final class RecipesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Path> recipes = RecipeFiles.all();
        for (Path file : recipes) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-24s %s",
                    TerminalText.line(RecipeFiles.name(file)),
                    TerminalText.line(RecipeFiles.title(file))));
            String expected = RecipeFiles.expected(file);
            if (!expected.isEmpty()) out.println(" ".repeat(27) + TerminalText.line(expected));
        }
        out.println(
                recipes.isEmpty()
                        ? "No recipes are installed here. A recipe is a YAML file: attune train my.yaml."
                        : "\nRun one with: attune train " + RecipeFiles.name(recipes.get(0)));
        return 0;
    }
}
