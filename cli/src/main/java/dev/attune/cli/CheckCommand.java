package dev.attune.cli;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.TextColumns;
import dev.attune.hub.Hub;
import dev.attune.job.Recipe;
import dev.attune.model.ModelConfig;
import dev.attune.task.Labels;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code attune check}: looks at the data of a job as a doctor would, and trains nothing. */
@Command(
        name = "check",
        header = "Look at the data of a job, without training.",
        sortOptions = false,
        customSynopsis = {"attune check RECIPE [FLAGS]", "       attune check --model MODEL --train FILE|SQL [FLAGS]"},
        footer = {
            "",
            "Shows labels, lengths, duplicates, and validation texts that are also in the training data.",
            "Takes the same recipe and flags as train."
        })
final class CheckCommand extends RecipeCommand {
    @Override
    int run(Recipe recipe, PrintWriter out) {
        Dataset train = Datasets.read(recipe.train());
        TextColumns columns = Columns.findTextColumns(
                train, recipe.textColumn(), recipe.textPairColumn(), recipe.labelColumn(), true);
        List<String> given = recipe.labels().isEmpty() ? null : recipe.labels();
        Labels labels = Labels.infer(train, columns.label(), given, recipe.problemType());
        DataCheck check = new DataCheck(out, columns, labels);
        check.describe("train", train);
        if (recipe.validation() != null) {
            Dataset validation = Datasets.read(recipe.validation());
            check.describe("validation", validation);
            check.leakage(train, validation);
        }
        Path model = Hub.resolve(recipe.model()).directory();
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            int maxLength = recipe.maxLengthWithin(ModelConfig.read(model).maxLength(tokenizer.modelMaxLength()));
            List<Encoding> encodings = tokenizer.encodeAll(
                    check.texts(train, columns.text()),
                    columns.textPair() == null ? null : check.texts(train, columns.textPair()),
                    maxLength);
            check.lengths(
                    encodings.stream().mapToInt(Encoding::untruncatedLength).toArray(), maxLength);
        }
        return 0;
    }
}
