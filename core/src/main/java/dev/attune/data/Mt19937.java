package dev.attune.data;

/**
 * The Mersenne Twister of 32 bits, which is PyTorch's CPU generator (Matsumoto and Nishimura, 1998), with the two draws
 * that decide the order of training examples.
 */
final class Mt19937 {
    private static final int N = 624;
    private static final int M = 397;

    /** Exchanges of a permutation that are drawn together. */
    private static final int BLOCK = 1024;

    private final int[] state = new int[N];
    private int next = N;

    /** As {@code torch.Generator().manual_seed(seed)}: only the low 32 bits count. */
    Mt19937(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < N; i++) state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }

    /** 32 random bits. */
    int nextInt() {
        if (next == N) twist();
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** As torch draws a 64-bit number from 0 to less than 1 on the CPU; takes two draws. */
    double nextDouble() {
        long high = Integer.toUnsignedLong(nextInt());
        long low = Integer.toUnsignedLong(nextInt());
        return ((high << 32 | low) & (1L << 53) - 1) * 0x1p-53;
    }

    /** Discards draws. */
    void skip(long draws) {
        for (long i = 0; i < draws; i++) nextInt();
    }

    /**
     * As {@code torch.randperm(n)} on the CPU; takes {@code n - 1} draws. The places of a block of exchanges are drawn and read
     * before the first exchange: the processor then waits for all of them at once. Millions of examples lie far apart in memory,
     * and waiting for one after the other took three times as long.
     */
    int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) order[i] = i;
        int[] places = new int[BLOCK];
        int[] fetched = new int[BLOCK]; // what is read is used by nobody, but then it is in the cache
        for (int start = 0; start < n - 1; start += BLOCK) {
            int end = Math.min(start + BLOCK, n - 1);
            for (int i = start; i < end; i++) places[i - start] = i + Integer.remainderUnsigned(nextInt(), n - i);
            for (int i = start; i < end; i++) fetched[i - start] = order[places[i - start]];
            for (int i = start; i < end; i++) {
                int j = places[i - start];
                int kept = order[i];
                order[i] = order[j];
                order[j] = kept;
            }
        }
        return order;
    }

    private void twist() {
        for (int i = 0; i < N - M; i++) twist(i, i + 1, i + M);
        for (int i = N - M; i < N - 1; i++) twist(i, i + 1, i + M - N);
        twist(N - 1, 0, M - 1);
        next = 0;
    }

    private void twist(int i, int after, int far) {
        int y = (state[i] & 0x80000000) | (state[after] & 0x7fffffff);
        state[i] = state[far] ^ (y >>> 1) ^ (-(y & 1) & 0x9908b0df);
    }
}
