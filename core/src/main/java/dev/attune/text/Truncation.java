package dev.attune.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where Hugging Face cuts: lengths and windows as in {@code tokenizers/src/utils/truncation.rs}. Only tokens of the
 * texts are dropped; the special tokens around them stay.
 */
final class Truncation {
    /** Which end loses tokens: {@code truncation_side} of {@code tokenizer_config.json}. */
    enum Side {
        LEFT,
        RIGHT
    }

    /** Kept positions among the tokens of one text: {@code start} inclusive, {@code end} exclusive. */
    record Range(int start, int end) {}

    private Truncation() {}

    /**
     * {@code longest_first}: tokens kept of each text, at most {@code room} together. A single text has second 0. Where
     * both texts are too long and the room is odd, the longer text gets the odd token. (Version 0.23 of the Rust
     * library stops reading a text once it has enough tokens, before it compares lengths; there it may be the other
     * text.)
     */
    static int[] longestFirst(int first, int second, int room) {
        if (first + second <= room) {
            return new int[] {first, second};
        }
        int shorter = Math.min(first, second);
        int longer = Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = room - shorter;
        }
        return first <= second ? new int[] {shorter, longer} : new int[] {longer, shorter};
    }

    /** The one range that is kept when {@code length} tokens shrink to {@code keep}. */
    static Range keep(int length, int keep, Side side) {
        return side == Side.RIGHT ? new Range(0, keep) : new Range(length - keep, length);
    }

    /** Windows of at most {@code room} tokens over {@code length} tokens; neighbours share {@code stride} tokens. */
    static List<Range> windows(int length, int room, int stride, Side side) {
        List<Range> windows = new ArrayList<>();
        for (int moved = 0; ; moved += room - stride) {
            int from = moved;
            int to = Math.min(moved + room, length);
            windows.add(side == Side.RIGHT ? new Range(from, to) : new Range(length - to, length - from));
            if (to == length) {
                return windows;
            }
        }
    }

    /** {@code full} with only the given ranges of its two texts. */
    static Encoding cut(Encoding full, Range first, Range second) {
        return full.select(positions(full, first, second));
    }

    /** The places of the tokens in the given ranges of the two texts, and of the added ones. */
    static int[] positions(Encoding full, Range first, Range second) {
        int[] seen = new int[2];
        int[] kept = new int[full.length()];
        int count = 0;
        for (int i = 0; i < full.length(); i++) {
            int sequence = full.sequenceIds()[i];
            Range range = sequence == 0 ? first : second;
            if (sequence < 0 || contains(range, seen[sequence]++)) {
                kept[count++] = i;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static boolean contains(Range range, int position) {
        return position >= range.start && position < range.end;
    }

    /** How many tokens of text {@code sequence} (-1: added tokens) there are. */
    static int count(Encoding encoding, int sequence) {
        int count = 0;
        for (int id : encoding.sequenceIds()) {
            if (id == sequence) {
                count++;
            }
        }
        return count;
    }
}
