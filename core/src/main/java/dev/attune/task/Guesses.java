package dev.attune.task;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The words of a batch that a model is to guess, {@code M} of them.
 *
 * @param rows (M) of the packed batch: the tokens at which each is guessed
 * @param words (M) their ids
 * @param examples (M) the number of the example that each belongs to, in the batch
 */
public record Guesses(int[] rows, int[] words, int[] examples) {
    /**
     * The labels that are words, and not {@link dev.attune.tensor.Losses#IGNORED} or another negative number.
     *
     * @param labels of all examples end to end
     * @param lengths labels of each example
     * @param row from the place of a label to the row at which it is guessed
     */
    public static Guesses of(int[] labels, int[] lengths, IntUnaryOperator row) {
        int count = (int) Arrays.stream(labels).filter(label -> label >= 0).count();
        Guesses guesses = new Guesses(new int[count], new int[count], new int[count]);
        for (int b = 0, i = 0, m = 0; b < lengths.length; b++) {
            for (int end = i + lengths[b]; i < end; i++) {
                if (labels[i] < 0) continue;
                guesses.rows[m] = row.applyAsInt(i);
                guesses.words[m] = labels[i];
                guesses.examples[m++] = b;
            }
        }
        return guesses;
    }

    /** M. */
    public int count() {
        return rows.length;
    }
}
