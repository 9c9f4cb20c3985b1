package dev.attune.task.textclassification;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.task.ClassWeights;
import dev.attune.task.FineTuned;
import dev.attune.task.FocalLoss;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a recipe that only text classification has.
 *
 * <pre>{@code
 * Recipe.builder().settings(TextClassificationSettings.builder().textColumn("body").labelColumn("stars").build())
 * }</pre>
 */
@RecordBuilder
public record TextClassificationSettings(
        @Argument(
                group = "Data of text-classification",
                example = "text",
                doc =
                        "Column that holds the text. Without it the usual names are tried (text, sentence, sentence1, …). When"
                                + " it is set and text_pair_column is not, the texts are single ones.")
        @Nullable
        String textColumn,

        @Argument(
                group = "Data of text-classification",
                example = "sentence2",
                doc =
                        "Column that holds the second text, for tasks on pairs of texts. Without it, and without"
                                + " text_column, the usual pairs are tried (sentence1 and sentence2, premise and hypothesis, …).")
        @Nullable
        String textPairColumn,

        @Argument(
                group = "Data of text-classification",
                example = "label",
                doc = "Column that holds the label. Without it the usual names are tried (label, labels, class, …).")
        @Nullable
        String labelColumn,

        @Argument(
                group = "Data of text-classification",
                trainingOnly = true,
                example = "negative, positive",
                doc =
                        "Names of the classes in the order of the model's outputs. Without it they are the sorted labels of"
                                + " the training data. As a flag, separated by commas.")
        List<String> labels,

        @Argument(
                group = "Data of text-classification",
                trainingOnly = true,
                doc = "Kind of label. Without it the data decide: numbers with a fraction are regression, lists are"
                        + " multi-label, all else is single-label classification.")
        @Nullable
        ProblemType problemType,

        @Argument(
                group = ClassWeights.GROUP,
                trainingOnly = true,
                open = true,
                example = "balanced",
                doc = ClassWeights.DOC)
        @Nullable
        ClassWeights classWeights,

        @Argument(
                group = ClassWeights.GROUP,
                trainingOnly = true,
                initial = "0.0",
                range = "[0, inf)",
                example = "2",
                doc = FocalLoss.DOC)
        double focalLossGamma) {

    private static final String REGRESSION =
            " is for classes, but problem_type is \"regression\": a number has none. Delete one of them.";

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TextClassificationSettings.class);

    /** All found by themselves. */
    public static final TextClassificationSettings DEFAULT = SCHEMA.create(TextClassificationSettings.class, Map.of());

    public TextClassificationSettings {
        labels = List.copyOf(labels);
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(textColumn, textPairColumn, labelColumn, labels, problemType)
                .next(classWeights == null ? null : classWeights.text(), focalLossGamma);
        if (textColumn != null && textColumn.equals(labelColumn)) {
            wrong.add("text_column and label_column are both \"" + textColumn + "\".", "label_column", "text_column");
        }
        if (textColumn != null && textColumn.equals(textPairColumn)) {
            wrong.add(
                    "text_column and text_pair_column are both \"" + textColumn + "\".",
                    "text_pair_column",
                    "text_column");
        }
        if (textPairColumn != null && textPairColumn.equals(labelColumn)) {
            wrong.add(
                    "text_pair_column and label_column are both \"" + labelColumn + "\".",
                    "text_pair_column",
                    "label_column");
        }
        if (problemType == ProblemType.REGRESSION && !labels.isEmpty()) {
            wrong.add(
                    "labels are names of classes, but problem_type is \"regression\". Delete one of them.",
                    "labels",
                    "problem_type");
        }
        if (problemType == ProblemType.REGRESSION) {
            if (classWeights != null) {
                wrong.add(ClassWeights.KEY + REGRESSION, ClassWeights.KEY, "problem_type");
            }
            if (focalLossGamma > 0) wrong.add(FocalLoss.KEY + REGRESSION, FocalLoss.KEY, "problem_type");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static TextClassificationSettingsBuilder builder() {
        return TextClassificationSettingsBuilder.builder(DEFAULT);
    }

    /** The columns that the caller named, and those that the run wrote down as far as these data have them. */
    static TextClassificationSettings of(FineTuned model, List<String> columns) {
        return new TextClassificationSettings(
                model.column("text_column", columns),
                model.column("text_pair_column", columns),
                model.column("label_column", columns),
                List.of(),
                null,
                null,
                0);
    }
}
