package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a doctor looks at them: what only a task knows of them. The doctor counts, compares and measures by itself, once for
 * all tasks. Several threads may ask.
 */
public interface CheckedRows {
    Dataset rows();

    /** The columns with the texts that a model reads: one, or two where it reads pairs. */
    List<String> columns();

    /**
     * A text as the row has it, however strange.
     *
     * @param column a place in {@link #columns}
     * @return null if there is none
     * @throws dev.attune.error.DataException if there is something that is no text
     */
    @Nullable
    String text(int row, int column);

    /** Whether a training passes over rows without a text, and does not refuse them. */
    default boolean leavesOutEmpty() {
        return false;
    }

    /** What a row teaches, in one word: a label, an answer. */
    default String lesson() {
        return "label";
    }

    /**
     * What is to be learned of a row with a text; null if the text itself is.
     *
     * @throws dev.attune.error.DataException if a training would refuse the row
     */
    @Nullable
    Learned learned(int row);

    /** Names of the labels that {@link Learned#labels} counts; empty if there are none. */
    List<String> labels();

    /**
     * What is to be said of labels, and of whatever else only this task has.
     *
     * @param counts how often each label occurs, one for each of {@link #labels}
     */
    List<Findings> more(long[] counts);

    /**
     * All tokens of a row, before anything is cut.
     *
     * @throws dev.attune.error.DataException if a training would refuse the row
     */
    default Encoding encode(int row, Tokenizer tokenizer) {
        String pair = columns().size() > 1 ? String.valueOf(text(row, 1)) : null;
        return tokenizer.encode(String.valueOf(text(row, 0)), pair, Integer.MAX_VALUE);
    }

    /** The piece of text that a token of {@link #encode} was made of. */
    default String source(int row, Encoding encoding, int token) {
        String text = String.valueOf(text(row, Math.max(0, encoding.sequenceIds()[token])));
        return text.substring(encoding.start(token), encoding.end(token));
    }

    /** Whether what is longer than the limit is lost; otherwise it becomes several examples. */
    default boolean cutsLongTexts() {
        return true;
    }

    /** Adds what is to be said of rows that are encoded as for a training. */
    default void describe(Examples examples, Findings.Builder into) {}

    /** What a model is to learn from an example, for people. */
    String lesson(Example example, Tokenizer tokenizer);
}
