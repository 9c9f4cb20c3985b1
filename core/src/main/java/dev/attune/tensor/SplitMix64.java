package dev.attune.tensor;

/**
 * Random numbers by number: element {@code n} of a stream is computed from the stream and {@code n} alone, so that neither
 * the order of asking nor the number of threads changes it. SplitMix64, Steele et al. 2014, doi:10.1145/2660193.2660195.
 */
public final class SplitMix64 {
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    /** Odd, with bits everywhere. */
    static final long FACTOR = 0xbf58476d1ce4e5b9L;

    private SplitMix64() {}

    /** Spreads a number over all 64 bits; no two numbers give the same. */
    public static long mix(long z) {
        return finish(z + GOLDEN);
    }

    /** The last part of {@link #mix}: every bit on every other. 0 stays 0. */
    public static long finish(long z) {
        z = (z ^ (z >>> 30)) * FACTOR;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Number {@code counter} of a stream, from 0. */
    public static long at(long stream, long counter) {
        return mix(stream + (counter + 1) * GOLDEN);
    }

    /** The same as a number from 0 to less than 1. */
    public static double uniform(long stream, long counter) {
        return (at(stream, counter) >>> 11) * 0x1p-53;
    }

    /** The stream of one example in one epoch of the run with this seed. */
    public static long ofExample(long seed, int epoch, int example) {
        return mix(mix(mix(seed) + epoch) + example);
    }
}
