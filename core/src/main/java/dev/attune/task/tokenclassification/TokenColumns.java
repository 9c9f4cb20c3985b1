package dev.attune.task.tokenclassification;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a token classification set.
 *
 * @param input the words, or whole texts
 * @param tags the tags of the words, or the spans of the texts; null where none is needed and none was found
 * @param spans whether rows are texts with spans
 */
record TokenColumns(String input, @Nullable String tags, boolean spans) {
    private static final List<String> TOKENS = List.of("tokens", "words", "token");
    private static final List<String> TAGS = List.of("tags", "ner_tags", "labels", "ner", "tag", "label");
    private static final List<String> TEXTS = List.of("text", "sentence", "content", "document");
    private static final List<String> SPANS = List.of("spans", "entities");

    /**
     * @param tagsRequired whether data without tags are an error
     * @throws DataException if a column is missing, or cannot be told
     */
    static TokenColumns find(Dataset data, TokenClassificationSettings asked, boolean tagsRequired) {
        Columns columns = new Columns(data);
        List<List<String>> roles = List.of(TOKENS, TAGS, TEXTS, SPANS);
        String[] named = new String[4];
        String[] keys = {asked.tokensColumn(), asked.tagsColumn(), asked.textColumn(), asked.spansColumn()};
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == null) continue;
            named[i] = Columns.require(data, keys[i], roles);
            columns.take(named[i]);
        }
        boolean texts = named[2] != null || named[3] != null;
        String tokens = named[0];
        if (tokens == null && !texts) tokens = columns.byName(TOKENS, "the words", "tokens_column");
        if (tokens != null) {
            columns.take(tokens);
            String tags = named[1] != null ? named[1] : columns.byName(TAGS, "the tags", "tags_column");
            if (tags == null && tagsRequired) throw missing(data, "tags of the words", "tags_column");
            return new TokenColumns(tokens, tags, false);
        }
        String text = named[2] != null ? named[2] : columns.byName(TEXTS, "the text", "text_column");
        if (text == null) throw missing(data, "words", "tokens_column, or text_column for texts with spans");
        columns.take(text);
        String spans = named[3] != null ? named[3] : columns.byName(SPANS, "the spans", "spans_column");
        if (spans == null && tagsRequired) throw missing(data, "spans of the texts", "spans_column");
        return new TokenColumns(text, spans, true);
    }

    private static DataException missing(Dataset data, String what, String key) {
        return new DataException("Cannot tell which column of " + data.name() + " holds the " + what + "; it has "
                + String.join(", ", data.columns()) + ". Set " + key + ".");
    }

    void require(Dataset data) {
        Columns.require(data, input);
        if (tags != null) Columns.require(data, tags);
    }
}
