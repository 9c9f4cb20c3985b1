package dev.attune.job.doctor;

import dev.attune.tensor.SplitMix64;

/**
 * 64 bits in place of a text. Of a million different texts two have the same hash with a probability of 3 in 100 million, so
 * nobody compares the texts themselves.
 */
final class TextHash {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private TextHash() {}

    /** Of a text but for case and spaces; to most models they are nothing. Never 0. */
    static long ofNormalised(String text) {
        long hash = 1;
        boolean any = false;
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                space = any;
                continue;
            }
            if (space) hash = add(hash, ' ');
            space = false;
            any = true;
            hash = add(hash, Character.toLowerCase(c));
        }
        return end(hash);
    }

    /** Of a text as it stands. Never 0. */
    static long of(String text) {
        long hash = 2;
        for (int i = 0; i < text.length(); i++) hash = add(hash, text.charAt(i));
        return end(hash);
    }

    /** Of two hashes in this order. Never 0. */
    static long of(long first, long second) {
        return end(add(add(3, first), second));
    }

    private static long add(long hash, long value) {
        long mixed = (hash ^ value) * STEP;
        return mixed ^ mixed >>> 32;
    }

    static long end(long hash) {
        long end = SplitMix64.finish(hash);
        return end == 0 ? 1 : end;
    }
}
