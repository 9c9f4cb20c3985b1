package dev.attune.task.textclassification;

import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a text classification set.
 *
 * @param text the text, or the first of two
 * @param textPair the second text; null for single texts
 * @param label the class or the score; null if none was required and none was named that the data has
 */
public record TextColumns(
        String text, @Nullable String textPair, @Nullable String label) {
    /** Pairs of texts under the names of GLUE and its relatives, most specific first. */
    private static final List<List<String>> PAIRS = List.of(
            List.of("text", "text_pair"),
            List.of("sentence1", "sentence2"),
            List.of("premise", "hypothesis"),
            List.of("question1", "question2"),
            List.of("text1", "text2"),
            List.of("text_a", "text_b"),
            List.of("sentence_a", "sentence_b"),
            List.of("question", "sentence"),
            List.of("query", "passage"));

    private static final List<String> TEXTS = List.of(
            "text",
            "sentence",
            "sentence1",
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

    private static final List<String> LABELS = List.of(
            "label",
            "labels",
            "category",
            "class",
            "intent",
            "target",
            "sentiment",
            "topic",
            "emotion",
            "stars",
            "rating",
            "score",
            "tag");

    private static final List<List<String>> ROLES = List.of(LABELS, TEXTS);

    /**
     * The columns that the settings name, which are only checked, and the others by their usual names, else the only
     * column that is left. A pair is never required; it is looked for only where {@code text_column} is not set.
     *
     * @param labelRequired whether data without a label column is an error. Prediction needs none: only a named column is
     *     taken for it, since rows to be answered may have a "topic" or a "rating" that the model knows nothing of
     * @throws dev.attune.error.DataException if a named column is missing, or a needed one cannot be told
     */
    public static TextColumns find(Dataset data, TextClassificationSettings settings, boolean labelRequired) {
        Columns columns = new Columns(data);
        String text = settings.textColumn();
        String pair = settings.textPairColumn();
        String label = settings.labelColumn();
        for (String named : new @Nullable String[] {text, pair, label}) {
            if (named != null) columns.take(Columns.require(data, named, ROLES));
        }
        if (labelRequired) {
            if (label == null) label = columns.byName(LABELS, "the label", "label_column");
            columns.take(label);
        } else {
            for (String name : LABELS) columns.take(Columns.named(columns.free(), name)); // none of them is the text
        }
        if (text == null) {
            List<String> found = pair == null ? columns.group(PAIRS) : List.of();
            if (!found.isEmpty()) {
                text = found.get(0);
                pair = found.get(1);
            }
            if (text == null) text = columns.byName(TEXTS, "the text", "text_column");
            if (text == null) text = columns.onlyText("the text", "text_column");
            columns.take(text);
            if (pair == null) pair = partner(columns.free(), text);
        }
        columns.take(pair);
        if (label == null && labelRequired) label = columns.onlyRemaining("the label", "label_column");
        return new TextColumns(text, pair, label);
    }

    private static @Nullable String partner(List<String> free, String first) {
        for (List<String> names : PAIRS) {
            if (!names.get(0).equalsIgnoreCase(first)) continue;
            String second = Columns.named(free, names.get(1));
            if (second != null) return second;
        }
        return null;
    }

    /** One column with texts, or two. */
    List<String> texts() {
        return textPair == null ? List.of(text) : List.of(text, textPair);
    }

    /** Checks that other data have these columns too. */
    void require(Dataset data) {
        Columns.require(data, text, ROLES);
        if (textPair != null) Columns.require(data, textPair, ROLES);
        if (label != null) Columns.require(data, label, ROLES);
    }

    /** What was found, for people. */
    String describe() {
        return "text from " + text + (textPair == null ? "" : " and " + textPair)
                + (label == null ? "" : ", label from " + label);
    }

    /** A sentence about a column that was left aside, if it looks like the second of a pair. */
    List<String> notes(Dataset data, TextClassificationSettings settings) {
        List<String> notes = new ArrayList<>();
        if (settings.textColumn() != null && textPair == null) {
            String partner = partner(data.columns(), text);
            if (partner != null && !partner.equals(label)) {
                notes.add("The column " + partner + " is not read, because text_column is set and text_pair_column is"
                        + " not. To train on pairs, set text_pair_column: " + partner + ".");
            }
        }
        return notes;
    }

    /** By role, for records. */
    Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("text", text);
        if (textPair != null) map.put("text_pair", textPair);
        if (label != null) map.put("label", label);
        return map;
    }
}
