package dev.attune.job.doctor;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What is left of texts to tell which are nearly the same: MinHash (Broder 1997, doi:10.1109/SEQUEN.1997.666900) of their {@link
 * Shingles}, {@value #HASHES} functions, 8 bits of each minimum (Li and König 2010, doi:10.1145/1772690.1772759). Two texts agree
 * in a function as often as their sets overlap. {@value #HASHES} bytes a text; other rows may be written by other threads.
 */
final class Signatures {
    static final int HASHES = 80;

    /** Two 8-bit values that have nothing to do with each other agree so often. */
    private static final double CHANCE = 1 / 256.0;

    private static final int[] FACTORS = new int[HASHES];
    private static final int[] TERMS = new int[HASHES];

    static {
        SplittableRandom random = new SplittableRandom(20260131);
        for (int i = 0; i < HASHES; i++) {
            FACTORS[i] = random.nextInt() | 1;
            TERMS[i] = random.nextInt();
        }
    }

    private final int columns;
    private final byte[] bytes;

    /** @param columns texts of a row */
    Signatures(int rows, int columns) {
        this.columns = columns;
        this.bytes = new byte[Math.multiplyExact(rows, HASHES * columns)];
    }

    /** @param minima scratch of {@link #HASHES} numbers */
    void put(int row, int column, Shingles text, int[] minima) {
        Arrays.fill(minima, Integer.MAX_VALUE);
        for (int s = 0; s < text.size(); s++) {
            int shingle = (int) text.pair(s);
            for (int i = 0; i < HASHES; i++) {
                // A permutation of all 32-bit numbers; which of two comes first is decided by the high bits.
                int value = shingle * FACTORS[i] + TERMS[i];
                if (value < minima[i]) minima[i] = value;
            }
        }
        int at = at(row, column);
        for (int i = 0; i < HASHES; i++) bytes[at + i] = (byte) (minima[i] ^ minima[i] >>> 11);
    }

    /** The values of some functions of the first text, as a number of 40 bits. */
    long band(int row, int band) {
        int at = at(row, 0) + NearTexts.PER_BAND * band;
        long key = 0;
        for (int i = 0; i < NearTexts.PER_BAND; i++) key = key << 8 | bytes[at + i] & 0xff;
        return key;
    }

    /** How much two texts overlap, by their signatures: the standard error is at most 0.056. */
    double similarity(int row, Signatures others, int other, int column) {
        int at = at(row, column);
        int otherAt = others.at(other, column);
        int equal = 0;
        for (int i = 0; i < HASHES; i++) {
            if (bytes[at + i] == others.bytes[otherAt + i]) equal++;
        }
        return ((double) equal / HASHES - CHANCE) / (1 - CHANCE);
    }

    private int at(int row, int column) {
        return (row * columns + column) * HASHES;
    }
}
