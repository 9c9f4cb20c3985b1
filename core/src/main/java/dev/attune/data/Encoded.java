package dev.attune.data;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What encoding a data set gave.
 *
 * @param examples to be closed by whoever asked for them
 * @param notes sentences for the user: texts that were cut, characters that were replaced. Where they name the data,
 *     {@link #DATA} and {@link #place} stand in its place until {@link #from}: examples are found again by their content,
 *     and that may be in a file of another name.
 * @param fromCache whether an earlier run encoded them
 * @param kept whether they are in the cache for the next run
 */
public record Encoded(Examples examples, List<String> notes, boolean fromCache, boolean kept) {
    /** The name of the data in a note. */
    public static final String DATA = "\0data\0";

    private static final Pattern PLACE = Pattern.compile("\0(\\d+)\0");

    public Encoded {
        notes = List.copyOf(notes);
    }

    /** The place of a row in a note. */
    public static String place(int row) {
        return "\0" + row + "\0";
    }

    /** The same with the places of {@code data}, the set that was encoded. */
    public Encoded from(Dataset data) {
        List<String> named = notes.stream()
                .map(note -> PLACE.matcher(note.replace(DATA, data.name()))
                        .replaceAll(row -> Matcher.quoteReplacement(data.where(Integer.parseInt(row.group(1))))))
                .toList();
        return new Encoded(examples.from(data), named, fromCache, kept);
    }
}
