package dev.attune.data;

import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns a task needs, by name first and by type second, and says what the choices are when it cannot. A
 * column that was found or named is taken, and not found again for something else.
 *
 * <pre>{@code
 * Columns columns = new Columns(data);
 * String label = columns.find("the label", "label_column", null, List.of("label", "class"));
 * }</pre>
 */
public final class Columns {
    /** Columns that number or describe rows; found for nothing unless the user names them. */
    private static final Set<String> NUMBERING = Set.of("id", "idx", "index", "guid", "uuid", "row", "split", "date");

    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?\\s*");

    private final Dataset data;
    private final Set<String> taken = new LinkedHashSet<>();

    public Columns(Dataset data) {
        this.data = data;
    }

    /**
     * Checks that a column exists.
     *
     * @return its name
     * @throws DataException that lists the columns there are and suggests the one that was meant
     */
    public static String require(Dataset data, String column) {
        return require(data, column, List.of());
    }

    /**
     * As {@link #require(Dataset, String)}.
     *
     * @param roles usual names of columns, by what they hold: a "label" that is missing was probably meant to be the
     *     "target" that is there, however different the letters
     */
    public static String require(Dataset data, String column, List<List<String>> roles) {
        if (data.columns().contains(column)) return column;
        String suggestion = Suggestion.didYouMean(column, data.columns());
        if (suggestion.isEmpty()) suggestion = suggestRole(column, data, roles);
        throw new DataException(
                "No column '" + column + "' in " + data.name() + "; it has " + list(data.columns()) + "." + suggestion);
    }

    private static String suggestRole(String typed, Dataset data, List<List<String>> roles) {
        for (List<String> role : roles) {
            if (!role.contains(typed.toLowerCase(Locale.ROOT))) continue;
            List<String> present = present(data.columns(), role);
            if (present.size() == 1) return " Did you mean \"" + present.get(0) + "\"?";
        }
        return "";
    }

    /** Marks a column that the user named as taken; null does nothing. */
    public void take(@Nullable String column) {
        if (column != null) taken.add(column);
    }

    /**
     * The free column with one of these names. The first name of the list always wins; two of the others are a question.
     *
     * @param what for people: {@code the label}
     * @param setting the key that names the column
     * @return null if no column has one of the names
     * @throws DataException if two have
     */
    public @Nullable String byName(List<String> names, String what, String setting) {
        List<String> free = free();
        String usual = named(free, names.get(0));
        if (usual != null) return usual;
        List<String> found = present(free, names);
        if (found.size() > 1) throw ambiguous(what, "could be " + String.join(" or ", found), setting);
        return found.isEmpty() ? null : found.get(0);
    }

    /** The free columns with the names of one of these groups, the first group that is there whole; else an empty list. */
    public List<String> group(List<List<String>> groups) {
        List<String> free = free();
        for (List<String> names : groups) {
            List<String> found = new ArrayList<>();
            for (String name : names) {
                String column = named(free, name);
                if (column != null) found.add(column);
            }
            if (found.size() == names.size()) return found;
        }
        return List.of();
    }

    /**
     * The only free column that holds text.
     *
     * @throws DataException if there is none, or more than one
     */
    public String onlyText(String what, String setting) {
        List<String> texts = free().stream()
                .filter(column -> !isNumbering(column) && isText(data, column) && !isNumeric(column))
                .toList();
        if (texts.size() == 1) return texts.get(0);
        String why = texts.isEmpty() ? "no other column holds text" : "could be " + String.join(" or ", texts);
        throw ambiguous(what, why, setting);
    }

    /**
     * The only free column.
     *
     * @throws DataException if there is none, or more than one
     */
    public String onlyRemaining(String what, String setting) {
        List<String> rest =
                free().stream().filter(column -> !isNumbering(column)).toList();
        if (rest.size() == 1) return rest.get(0);
        String why = rest.isEmpty() ? "no column is left for it" : "could be " + String.join(" or ", rest);
        throw ambiguous(what, why, setting);
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

    /** A column of that name, whatever the case of its letters. */
    public static @Nullable String named(List<String> columns, String name) {
        if (columns.contains(name)) return name;
        for (String column : columns) if (column.equalsIgnoreCase(name)) return column;
        return null;
    }

    private static List<String> present(List<String> columns, List<String> names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            String column = named(columns, name);
            if (column != null && !found.contains(column)) found.add(column);
        }
        return found;
    }

    private DataException ambiguous(String what, String why, String setting) {
        return new DataException("Cannot tell which column of " + data.name() + " is " + what + " (" + why
                + "); it has " + list(data.columns()) + ". Set " + setting + ".");
    }

    /** The columns that are not taken. */
    public List<String> free() {
        return data.columns().stream().filter(column -> !taken.contains(column)).toList();
    }

    private static boolean isNumbering(String column) {
        String name = column.toLowerCase(Locale.ROOT);
        return NUMBERING.contains(name) || name.endsWith("_id") || name.startsWith("unnamed: ");
    }

    /** A CSV column of numbers is text to the reader, but not a text to learn from. */
    private boolean isNumeric(String column) {
        for (int row = 0; row < data.size(); row++) {
            if (data.value(row, column) instanceof String s
                    && !NUMBER.matcher(s).matches()) return false;
        }
        return true;
    }

    private static String list(List<String> columns) {
        return String.join(", ", columns);
    }
}
