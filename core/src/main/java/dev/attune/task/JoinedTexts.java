package dev.attune.task;

import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import java.util.Arrays;

/**
 * Joins texts, special tokens included, and cuts them into examples of one length: no text is too long, and none wastes a
 * sequence. The reference drops what is left at the end; here it is a shorter example.
 */
public final class JoinedTexts implements EncodedSink {
    private final EncodedSink sink;
    private final int length;
    private final int[] ids;
    private final int[] typeIds;
    /** Not used where texts have no labels. */
    private final int[] labels;

    private boolean labelled;
    private int filled;
    /** The row of the first token. */
    private int first;

    /** @param length tokens of an example */
    public JoinedTexts(EncodedSink sink, int length) {
        this.sink = sink;
        this.length = length;
        this.ids = new int[length];
        this.typeIds = new int[length];
        this.labels = new int[length];
    }

    @Override
    public void add(int row, Example text) {
        labelled = text.labels().length > 0;
        for (int from = 0; from < text.length(); ) {
            if (filled == 0) first = row;
            int count = Math.min(length - filled, text.length() - from);
            System.arraycopy(text.ids(), from, ids, filled, count);
            System.arraycopy(text.typeIds(), from, typeIds, filled, count);
            if (labelled) System.arraycopy(text.labels(), from, labels, filled, count);
            filled += count;
            from += count;
            if (filled == length) flush();
        }
    }

    /** Hands over what is left after the last text. */
    public void flush() {
        if (filled == 0) return;
        int[] types = Arrays.copyOf(typeIds, filled);
        int[] kept = Arrays.copyOf(labels, labelled ? filled : 0);
        sink.add(first, new Example(Arrays.copyOf(ids, filled), types, kept, new float[0]));
        filled = 0;
    }

    @Override
    public void note(String sentence) {
        sink.note(sentence);
    }
}
