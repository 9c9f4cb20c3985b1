package dev.attune.task.textgeneration;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that only text-generation has. */
@RecordBuilder
public record TextGenerationSettings(
        @Argument(
                group = "Data of text-generation",
                example = "text",
                doc =
                        "Column that holds whole texts. Without it the usual names are tried (text, content, document, …).")
        @Nullable
        String textColumn,

        @Argument(
                group = "Data of text-generation",
                example = "prompt",
                doc = "Column of the beginnings of texts: they are read, and not learned. Needs completion_column too.")
        @Nullable
        String promptColumn,

        @Argument(
                group = "Data of text-generation",
                example = "completion",
                doc =
                        "Column of what is to be written after each prompt. The space between the two, if there is one, belongs to"
                                + " its beginning.")
        @Nullable
        String completionColumn,

        @Argument(
                group = "Data of text-generation",
                initial = "false",
                doc =
                        "Whether texts are joined and cut into examples of max_length tokens. So does the reference's script: a"
                                + " token then sees the end of another text before it. Otherwise each text is an example of"
                                + " its own, longer ones several; nothing is padded either way.")
        boolean groupTexts,

        @Argument(
                group = "Data of text-generation",
                example = "true",
                doc =
                        "Whether a text ends with the token that ends texts. A model learns to stop from it. The default is true,"
                                + " except with group_texts, where the reference has none.")
        @Nullable
        Boolean appendEos) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TextGenerationSettings.class);

    /** Columns by their usual names. */
    public static final TextGenerationSettings DEFAULT = SCHEMA.create(TextGenerationSettings.class, Map.of());

    public TextGenerationSettings {
        Contradictions wrong =
                Contradictions.ofRanges(SCHEMA).next(textColumn, promptColumn, completionColumn, groupTexts, appendEos);
        boolean halves = promptColumn != null || completionColumn != null;
        if (halves && (promptColumn == null || completionColumn == null)) {
            wrong.add(
                    "prompt_column and completion_column belong together, but only one is there. Name both.",
                    "prompt_column",
                    "completion_column");
        }
        if (halves && textColumn != null) {
            wrong.add(
                    "text_column is for whole texts, prompt_column and completion_column for texts in two parts. Name one"
                            + " kind.",
                    "text_column",
                    "prompt_column",
                    "completion_column");
        }
        if (halves && groupTexts) {
            wrong.add(
                    "group_texts joins whole texts; of a prompt and its completion it would cut the one from the other."
                            + " Delete it.",
                    "group_texts");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static TextGenerationSettingsBuilder builder() {
        return TextGenerationSettingsBuilder.builder(DEFAULT);
    }

    /** Whether texts end with a token of their own. */
    boolean endsTexts() {
        return appendEos == null ? !groupTexts : appendEos;
    }

    TextGenerationSettings with(TextParts parts) {
        return parts.completion() == null
                ? new TextGenerationSettings(parts.text(), null, null, groupTexts, appendEos)
                : new TextGenerationSettings(null, parts.text(), parts.completion(), groupTexts, appendEos);
    }
}
