package dev.attune.task.featureextraction;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.data.Dataset;
import dev.attune.task.TextRows;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the rows have their texts. */
@RecordBuilder
public record FeatureExtractionSettings(
        @Argument(
                group = "Data of feature-extraction",
                example = "text",
                doc = "Column that holds the text. Without it the usual names are tried (text, sentence, content, …).")
        @Nullable
        String textColumn) {

    private static final List<String> TEXTS = List.of(
            "text",
            "sentence",
            "content",
            "message",
            "review",
            "utterance",
            "comment",
            "document",
            "body",
            "tweet",
            "description",
            "question",
            "query",
            "input");

    /** Found by itself. */
    public static final FeatureExtractionSettings DEFAULT =
            ArgumentSchema.of(FeatureExtractionSettings.class).create(FeatureExtractionSettings.class, Map.of());

    /** A builder that has the defaults. */
    public static FeatureExtractionSettingsBuilder builder() {
        return FeatureExtractionSettingsBuilder.builder(DEFAULT);
    }

    /**
     * The column of the texts.
     *
     * @param named by a run or a caller; null to look for it
     * @throws dev.attune.error.DataException if it is missing, or cannot be told
     */
    static String column(Dataset data, @Nullable String named) {
        return TextRows.column(data, named, TEXTS);
    }
}
