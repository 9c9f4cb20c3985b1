package dev.attune.cli;

import dev.attune.job.Recipe;
import dev.attune.job.RecipeReader;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** A command that takes a recipe and any of its keys as flags. */
abstract class RecipeCommand extends KeyedCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            description = "A YAML file, or a name that \"attune recipes\" lists.")
    private @Nullable String recipe;

    // Unknown flags are collected, so that they can be reported together with everything else that is wrong.
    @Unmatched
    private List<String> unmatched = new ArrayList<>();

    @Override
    final int run() {
        return run(reader(), spec.commandLine().getOut());
    }

    @Override
    final String allFlags() {
        return RecipeFlags.helpAll(spec, "[RECIPE] [FLAGS]", Recipe.schema());
    }

    /**
     * Does the work; returns the exit code.
     *
     * @param reader has the recipe and the flags
     */
    abstract int run(RecipeReader reader, PrintWriter out);

    private RecipeReader reader() {
        RecipeReader reader = new RecipeReader();
        boolean unknownFlag = unmatched.stream().anyMatch(arg -> arg.startsWith("-"));
        // The value of an unknown flag may have been taken for the recipe; then the flag is the mistake to name.
        if (recipe != null && !(unknownFlag && RecipeFiles.find(recipe).isEmpty())) {
            reader.file(RecipeFiles.require(recipe));
        }
        for (String argument : unmatched) {
            if (argument.startsWith("--")) {
                reader.flag(argument.split("=", 2)[0], "");
            } else if (argument.startsWith("-")) {
                reader.mistake("There is no flag \"" + argument + "\".");
            } else if (!unknownFlag) {
                reader.mistake("There is one argument too many: \"" + argument + "\". Give one recipe, and flags.");
            }
        }
        RecipeFlags.read(spec.commandLine().getParseResult(), reader);
        return reader;
    }
}
