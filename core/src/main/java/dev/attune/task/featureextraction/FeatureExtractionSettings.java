package dev.attune.task.featureextraction;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.task.FineTuned;
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

    private static final String KEY = "text_column";

    /** Found by itself. */
    public static final FeatureExtractionSettings DEFAULT =
            ArgumentSchema.of(FeatureExtractionSettings.class).create(FeatureExtractionSettings.class, Map.of());

    /** A builder that has the defaults. */
    public static FeatureExtractionSettingsBuilder builder() {
        return FeatureExtractionSettingsBuilder.builder(DEFAULT);
    }

    /** The column that the caller named, or that the run of the model wrote down if these data have it. */
    static FeatureExtractionSettings of(FineTuned model, List<String> columns) {
        boolean asked = model.asked().contains(KEY);
        return model.settings().get(KEY) instanceof String name && (asked || columns.contains(name))
                ? new FeatureExtractionSettings(name)
                : DEFAULT;
    }

    /**
     * The column of the texts.
     *
     * @throws dev.attune.error.DataException if it is missing, or cannot be told
     */
    String column(Dataset data) {
        if (textColumn != null) return Columns.require(data, textColumn, List.of(TEXTS));
        Columns columns = new Columns(data);
        String found = columns.byName(TEXTS, "the text", KEY);
        return found != null ? found : columns.onlyText("the text", KEY);
    }
}
