package dev.attune.job.doctor;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows that stand for all: one at random of each of so many equal parts, so that sorted data are seen whole. */
final class SampleRows {
    /** A share that is measured on so many rows is off by 0.6 percentage points at most, in 95 of 100 samples. */
    static final int MOST = 30_000;

    private static final long SEED = 42;

    private SampleRows() {}

    /** Rows that a training takes, in their order; the same for the same data. */
    static int[] of(SetScan set) {
        int size = set.size();
        if (size <= MOST) return IntStream.range(0, size).filter(set::isUsable).toArray();
        SplittableRandom random = new SplittableRandom(SEED);
        return IntStream.range(0, MOST)
                .map(i -> {
                    int from = (int) ((long) i * size / MOST);
                    int to = (int) ((i + 1L) * size / MOST);
                    return random.nextInt(from, to);
                })
                .filter(set::isUsable)
                .toArray();
    }
}
