package dev.attune.data;

import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the columns a task needs, by name first and by type second, and says what the choices are when it cannot. */
public final class Columns {
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

    /** Columns that number or describe rows; never texts or labels unless named by the user. */
    private static final Set<String> NUMBERING = Set.of("id", "idx", "index", "guid", "uuid", "row", "split", "date");

    private Columns() {}

    /**
     * Checks that a column exists.
     *
     * @return its name
     * @throws DataException that lists the columns there are and suggests the one that was meant
     */
    public static String require(Dataset data, String column) {
        if (data.columns().contains(column)) return column;
        String suggestion = Suggestion.didYouMean(column, data.columns());
        if (suggestion.isEmpty()) suggestion = suggestRole(column, data);
        throw new DataException(
                "No column '" + column + "' in " + data.name() + "; it has " + list(data.columns()) + "." + suggestion);
    }

    /** A "label" that is missing was probably meant to be the "target" that is there, however different the letters. */
    private static String suggestRole(String typed, Dataset data) {
        for (List<String> role : List.of(LABELS, TEXTS)) {
            if (!role.contains(typed.toLowerCase(Locale.ROOT))) continue;
            List<String> present = present(data.columns(), role);
            if (present.size() == 1) return " Did you mean \"" + present.get(0) + "\"?";
        }
        return "";
    }

    /**
     * The columns of a text classification or regression set. Columns that the caller names are only checked; the
     * others are found: by their usual names ({@code text}, {@code sentence1} with {@code sentence2}, …; {@code label},
     * {@code class}, …), else the only column that is left.
     *
     * @param text the setting {@code text_column}, or null to find it
     * @param textPair the setting {@code text_pair_column}, or null to find it; a pair is never required
     * @param label the setting {@code label_column}, or null to find it
     * @param labelRequired whether data without a label column is an error (prediction needs none)
     * @throws DataException if a named column is missing, or a needed one cannot be told
     */
    public static TextColumns findTextColumns(
            Dataset data,
            @Nullable String text,
            @Nullable String textPair,
            @Nullable String label,
            boolean labelRequired) {
        Set<String> taken = new LinkedHashSet<>();
        for (String named : new @Nullable String[] {text, textPair, label}) {
            if (named != null) taken.add(require(data, named));
        }
        String labels = label != null ? label : byName(data, LABELS, taken, "the label", "label_column");
        if (labels != null) taken.add(labels);
        String first = text;
        if (first == null) {
            List<String> pair = textPair == null ? pair(data, taken) : List.of();
            first = pair.isEmpty() ? null : pair.get(0);
            if (first == null) first = byName(data, TEXTS, taken, "the text", "text_column");
            if (first == null) first = onlyText(data, taken);
            taken.add(first);
        }
        String second = textPair != null ? textPair : partner(data, first, taken);
        if (second != null) taken.add(second);
        if (labels == null && labelRequired) labels = onlyRemaining(data, taken);
        return new TextColumns(first, second, labels);
    }

    /** Whether every value of the column is text or null, and at least one is text. */
    public static boolean isText(Dataset data, String column) {
        boolean text = false;
        for (int row = 0; row < data.size(); row++) {
            Object value = data.value(row, column);
            if (value == null) continue;
            if (!(value instanceof String)) return false;
            text = true;
        }
        return text;
    }

    private static List<String> present(List<String> columns, List<String> names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            String column = named(columns, name);
            if (column != null && !found.contains(column)) found.add(column);
        }
        return found;
    }

    private static @Nullable String named(List<String> columns, String name) {
        if (columns.contains(name)) return name;
        for (String column : columns) if (column.equalsIgnoreCase(name)) return column;
        return null;
    }

    /** The column with one of these names. The first name of the list always wins; two of the others are a question. */
    private static @Nullable String byName(
            Dataset data, List<String> names, Set<String> taken, String what, String setting) {
        List<String> free = free(data, taken);
        String usual = named(free, names.get(0));
        if (usual != null) return usual;
        List<String> found = present(free, names);
        if (found.size() > 1) throw ambiguous(data, what, "could be " + String.join(" or ", found), setting);
        return found.isEmpty() ? null : found.get(0);
    }

    private static List<String> pair(Dataset data, Set<String> taken) {
        List<String> free = free(data, taken);
        for (List<String> names : PAIRS) {
            String first = named(free, names.get(0));
            String second = named(free, names.get(1));
            if (first != null && second != null) return List.of(first, second);
        }
        return List.of();
    }

    private static @Nullable String partner(Dataset data, String first, Set<String> taken) {
        List<String> free = free(data, taken);
        for (List<String> names : PAIRS) {
            if (names.get(0).equalsIgnoreCase(first)) {
                String second = named(free, names.get(1));
                if (second != null) return second;
            }
        }
        return null;
    }

    private static String onlyText(Dataset data, Set<String> taken) {
        List<String> texts = free(data, taken).stream()
                .filter(column -> !isNumbering(column) && isText(data, column) && !isNumeric(data, column))
                .toList();
        if (texts.size() == 1) return texts.get(0);
        String why = texts.isEmpty() ? "no other column holds text" : "could be " + String.join(" or ", texts);
        throw ambiguous(data, "the text", why, "text_column");
    }

    private static String onlyRemaining(Dataset data, Set<String> taken) {
        List<String> rest = free(data, taken).stream()
                .filter(column -> !isNumbering(column))
                .toList();
        if (rest.size() == 1) return rest.get(0);
        String why = rest.isEmpty() ? "no column is left for it" : "could be " + String.join(" or ", rest);
        throw ambiguous(data, "the label", why, "label_column");
    }

    private static DataException ambiguous(Dataset data, String what, String why, String setting) {
        return new DataException("Cannot tell which column of " + data.name() + " is " + what + " (" + why
                + "); it has " + list(data.columns()) + ". Set " + setting + ".");
    }

    private static List<String> free(Dataset data, Set<String> taken) {
        return data.columns().stream().filter(column -> !taken.contains(column)).toList();
    }

    private static boolean isNumbering(String column) {
        String name = column.toLowerCase(Locale.ROOT);
        return NUMBERING.contains(name) || name.endsWith("_id") || name.startsWith("unnamed: ");
    }

    /** A CSV column of numbers is text to the reader, but not a text to classify. */
    private static boolean isNumeric(Dataset data, String column) {
        for (int row = 0; row < data.size(); row++) {
            if (data.value(row, column) instanceof String s
                    && !s.matches("\\s*[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?\\s*")) {
                return false;
            }
        }
        return true;
    }

    private static String list(List<String> columns) {
        return String.join(", ", columns);
    }
}
