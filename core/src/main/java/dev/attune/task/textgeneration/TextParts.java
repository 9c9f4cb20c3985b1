package dev.attune.task.textgeneration;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.task.TextRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a text generation set.
 *
 * @param text whole texts, or their beginnings
 * @param completion what is written after the beginnings; null for whole texts
 */
record TextParts(String text, @Nullable String completion) {
    private static final List<List<String>> HALVES = List.of(
            List.of("prompt", "completion"),
            List.of("prompt", "response"),
            List.of("instruction", "response"),
            List.of("instruction", "output"),
            List.of("question", "answer"),
            List.of("input", "output"));

    private static final List<String> TEXTS =
            List.of("text", "content", "document", "body", "article", "story", "message", "sentence", "description");

    private static final List<String> PROMPTS = List.of("prompt", "instruction", "question", "input", "text");

    /**
     * The columns that the settings name, and the others by their usual names.
     *
     * @throws dev.attune.error.DataException if one is missing, or cannot be told
     */
    static TextParts of(Dataset data, TextGenerationSettings settings) {
        String prompt = settings.promptColumn();
        String completion = settings.completionColumn();
        if (prompt != null && completion != null) {
            return new TextParts(Columns.require(data, prompt), Columns.require(data, completion));
        }
        if (settings.textColumn() == null && !settings.groupTexts()) {
            List<String> halves = new Columns(data).group(HALVES);
            if (!halves.isEmpty()) return new TextParts(halves.get(0), halves.get(1));
        }
        return new TextParts(TextRows.column(data, settings.textColumn(), TEXTS), null);
    }

    /** The column of what is to be gone on with. */
    static String prompts(Dataset data, @Nullable String named) {
        return TextRows.column(data, named, PROMPTS);
    }

    List<String> columns() {
        return completion == null ? List.of(text) : List.of(text, completion);
    }
}
