package dev.attune.job;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.data.Split;
import dev.attune.data.TextColumns;
import dev.attune.error.ConfigException;
import dev.attune.task.Labels;
import dev.attune.task.ProblemType;
import dev.attune.task.TextEncoder;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data of a classification job: read, columns found, labels numbered. Encoding comes after, when the model has said how
 * long a text may be.
 */
record Prepared(Dataset train, @Nullable Dataset validation, TextColumns columns, Labels labels, List<String> notes) {

    /** The data that the recipe names. */
    static Prepared read(Recipe recipe) {
        Dataset train = Datasets.read(recipe.train());
        return of(recipe, train, recipe.validation() == null ? null : Datasets.read(recipe.validation()));
    }

    /** @param validation null: the recipe's share of all rows, if any, is split off */
    static Prepared of(Recipe recipe, Dataset all, @Nullable Dataset validation) {
        Dataset train = all;
        if (validation == null && recipe.validationFraction() > 0) {
            long seed = recipe.training().seed();
            Split split = all.split(recipe.validationFraction(), seed);
            train = split.train();
            validation = split.validation();
        }
        TextColumns columns = Columns.findTextColumns(
                train, recipe.textColumn(), recipe.textPairColumn(), recipe.labelColumn(), true);
        List<String> given = recipe.labels().isEmpty() ? null : recipe.labels();
        // Before the split: a rare label that falls into the validation part only is a label all the same.
        Labels labels = Labels.infer(all, columns.label(), given, recipe.problemType());
        if (recipe.training().labelSmoothingFactor() > 0
                && labels.problem() != ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            throw new ConfigException("label_smoothing_factor works with one label a row; these labels are a "
                    + labels.problem().key() + ". Set it to 0.");
        }
        return new Prepared(train, validation, columns, labels, new ArrayList<>());
    }

    /** Training examples and validation examples; notes go to {@link #notes()}. */
    List<Example> encodeTrain(Tokenizer tokenizer, int maxLength) {
        List<Labels.Value> values = labels.read(train, columns.label());
        if (labels.problem() == ProblemType.SINGLE_LABEL_CLASSIFICATION) noteUnusedLabels(values);
        return encode(train, values, tokenizer, maxLength);
    }

    List<Example> encodeValidation(Tokenizer tokenizer, int maxLength) {
        if (validation == null) return List.of();
        Columns.require(validation, columns.text());
        if (columns.textPair() != null) Columns.require(validation, columns.textPair());
        Columns.require(validation, columns.label());
        return encode(validation, labels.read(validation, columns.label()), tokenizer, maxLength);
    }

    private void noteUnusedLabels(List<Labels.Value> values) {
        Set<Integer> seen = new HashSet<>();
        values.forEach(value -> seen.add(value.classes()[0]));
        List<String> unused = new ArrayList<>();
        for (int id = 0; id < labels.names().size(); id++) {
            if (!seen.contains(id)) unused.add(labels.names().get(id));
        }
        if (!unused.isEmpty()) notes.add("No training row has the label " + String.join(", ", unused) + ".");
    }

    private List<Example> encode(Dataset data, List<Labels.Value> values, Tokenizer tokenizer, int maxLength) {
        TextEncoder.Encoded encoded =
                new TextEncoder(tokenizer, maxLength).encode(data, columns.text(), columns.textPair(), values);
        notes.addAll(encoded.notes());
        return encoded.examples();
    }
}
