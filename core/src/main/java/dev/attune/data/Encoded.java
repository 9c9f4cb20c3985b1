package dev.attune.data;

import java.util.List;

/**
 * What encoding a data set gave.
 *
 * @param examples to be closed by whoever asked for them
 * @param notes sentences for the user: texts that were cut, characters that were replaced
 * @param fromCache whether an earlier run encoded them
 * @param kept whether they are in the cache for the next run
 */
public record Encoded(Examples examples, List<String> notes, boolean fromCache, boolean kept) {
    public Encoded {
        notes = List.copyOf(notes);
    }

    /** The same with the places of {@code data}, the set that was encoded. */
    public Encoded from(Dataset data) {
        return new Encoded(examples.from(data), notes, fromCache, kept);
    }
}
