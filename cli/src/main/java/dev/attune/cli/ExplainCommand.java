package dev.attune.cli;

import dev.attune.config.ArgumentKey;
import dev.attune.config.ArgumentSchema;
import dev.attune.job.Recipe;
import dev.attune.job.TrainedOptions;
import dev.attune.job.search.RecipeJsonSchema;
import dev.attune.job.search.SearchArguments;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code attune explain}: what a key means; without a key, all of them in one line each. */
@Command(
        name = "explain",
        header = "Explain a key of a recipe.",
        sortOptions = false,
        footer = {"", "Example:", "  attune explain warmup_steps"})
final class ExplainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key; without one, all keys are listed.")
    private @Nullable String key;

    @Option(names = "--markdown", description = "Print the reference page of all keys.")
    private boolean markdown;

    @Option(names = "--json-schema", description = "Print the JSON Schema of a recipe, for editors.")
    private boolean jsonSchema;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (markdown) {
            out.print(Recipe.schema().markdown());
        } else if (jsonSchema) {
            out.println(
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(RecipeJsonSchema.map()));
        } else if (key != null) {
            ArgumentSchema recipe = Recipe.schema();
            ArgumentSchema answers = TrainedOptions.keys(true); // of which no recipe has some
            boolean ofAnswers = recipe.find(key).isEmpty() && answers.find(key).isPresent();
            ArgumentSchema search = SearchArguments.schema();
            boolean ofSearch =
                    !ofAnswers && recipe.find(key).isEmpty() && search.find(key).isPresent();
            out.print((ofAnswers ? answers : ofSearch ? search : recipe).explain(key));
            if (recipe.find(key)
                    .filter(found -> found.name().equals("lr_scheduler_type"))
                    .isPresent()) {
                out.print(ScheduleSketch.all());
            }
        } else {
            Recipe.schema().groups().forEach((group, keys) -> {
                out.println(group);
                for (ArgumentKey each : keys) {
                    out.println(String.format(Locale.ROOT, "  %-28s %s", each.name(), each.summary()));
                }
                out.println();
            });
        }
        return 0;
    }
}
