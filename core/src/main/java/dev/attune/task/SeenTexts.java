package dev.attune.task;

import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Which texts of a set are the same, but for case and spaces; to most models they are. Holds 16 bytes a row and no text:
 * texts are asked for again when two hashes agree.
 */
public final class SeenTexts {
    private final IntFunction<String> texts;
    private final long[] hashes;
    /** An open-addressing table of rows, counted from 1; 0 is free. */
    private final int[] table;

    /**
     * @param rows how many rows may be added
     * @param texts the text of a row
     */
    public SeenTexts(int rows, IntFunction<String> texts) {
        this.texts = texts;
        this.hashes = new long[rows];
        this.table = new int[Integer.highestOneBit(Math.max(8, rows)) * 4];
    }

    /**
     * Adds a row.
     *
     * @return the first row with the same text, or -1 if there was none before
     */
    public int add(int row) {
        String key = key(texts.apply(row));
        long hash = hash(key);
        int slot = slot(key, hash);
        if (table[slot] != 0) return table[slot] - 1;
        hashes[row] = hash;
        table[slot] = row + 1;
        return -1;
    }

    /** The first row that was added with this text, or -1. */
    public int find(String text) {
        String key = key(text);
        return table[slot(key, hash(key))] - 1;
    }

    private int slot(String key, long hash) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        while (table[slot] != 0) {
            int row = table[slot] - 1;
            if (hashes[row] == hash && key(texts.apply(row)).equals(key)) return slot;
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static String key(String text) {
        StringBuilder key = new StringBuilder(text.length());
        boolean space = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                space = key.length() > 0;
            } else {
                if (space) key.append(' ');
                space = false;
                key.append(c);
            }
        }
        return key.toString().toLowerCase(Locale.ROOT);
    }

    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, then mixed: the table takes the low bits
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
