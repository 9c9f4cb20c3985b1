package dev.attune.task.tokenclassification;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.task.ClassWeights;
import dev.attune.task.FocalLoss;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that only token classification has. */
@RecordBuilder
public record TokenClassificationSettings(
        @Argument(
                group = "Data of token-classification",
                example = "tokens",
                doc = "Column that holds the words of each sentence as a list. Without it the usual names are tried"
                        + " (tokens, words).")
        @Nullable
        String tokensColumn,

        @Argument(
                group = "Data of token-classification",
                example = "ner_tags",
                doc = "Column that holds the tag of each word as a list. Without it the usual names are tried (tags,"
                        + " ner_tags, labels).")
        @Nullable
        String tagsColumn,

        @Argument(
                group = "Data of token-classification",
                example = "text",
                doc = "Column that holds whole texts, where the data have texts and spans in place of words and tags.")
        @Nullable
        String textColumn,

        @Argument(
                group = "Data of token-classification",
                example = "spans",
                doc = "Column that holds the entities of a text as a list. Each is an object with start, end (code"
                        + " points) and label. Without it the usual names are tried (spans, entities).")
        @Nullable
        String spansColumn,

        @Argument(
                group = "Data of token-classification",
                trainingOnly = true,
                example = "O, B-PER, I-PER",
                doc = "Names of the tags in the order of the model's outputs; a tag that is a number is a place in it."
                        + " Without it they are the sorted tags of the training data. As a flag, separated by commas.")
        List<String> labels,

        @Argument(
                group = "Data of token-classification",
                trainingOnly = true,
                doc = "How tags mark entities. Without it the data decide: bio unless they speak against it.")
        @Nullable
        TagScheme tagScheme,

        @Argument(
                group = "Data of token-classification",
                initial = "false",
                doc = "Whether tags that may not follow each other, such as O I-PER, are rewritten to what they mean."
                        + " When false, they are an error.")
        boolean repairTags,

        @Argument(
                group = "Data of token-classification",
                trainingOnly = true,
                initial = "false",
                doc = "Whether all tokens of a word have its tag (those after the first with I in place of B). When"
                        + " false, only the first token of a word is trained and evaluated.")
        boolean labelAllTokens,

        @Argument(
                group = "Data of token-classification",
                initial = "false",
                doc = "Whether the metrics also hold precision, recall, f1 and number of each type.")
        boolean returnEntityLevelMetrics,

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

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TokenClassificationSettings.class);

    /** All found by themselves. */
    public static final TokenClassificationSettings DEFAULT =
            SCHEMA.create(TokenClassificationSettings.class, Map.of());

    public TokenClassificationSettings {
        labels = List.copyOf(labels);
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(
                        tokensColumn,
                        tagsColumn,
                        textColumn,
                        spansColumn,
                        labels,
                        tagScheme,
                        repairTags,
                        labelAllTokens,
                        returnEntityLevelMetrics)
                .next(classWeights == null ? null : classWeights.text(), focalLossGamma);
        if (tokensColumn != null && tokensColumn.equals(tagsColumn)) {
            wrong.add(
                    "tokens_column and tags_column are both \"" + tokensColumn + "\".", "tags_column", "tokens_column");
        }
        if (tokensColumn != null && textColumn != null) {
            wrong.add(
                    "tokens_column is for lists of words and text_column for whole texts. Delete one of them.",
                    "tokens_column",
                    "text_column");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static TokenClassificationSettingsBuilder builder() {
        return TokenClassificationSettingsBuilder.builder(DEFAULT);
    }

    TokenClassificationSettings found(TokenColumns columns, List<String> labels, TagScheme scheme) {
        return new TokenClassificationSettings(
                columns.spans() ? null : columns.input(),
                columns.spans() ? null : columns.tags(),
                columns.spans() ? columns.input() : null,
                columns.spans() ? columns.tags() : null,
                labels,
                scheme,
                repairTags,
                labelAllTokens,
                returnEntityLevelMetrics,
                classWeights,
                focalLossGamma);
    }
}
