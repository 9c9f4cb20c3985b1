package dev.attune.task.fillmask;

import dev.attune.task.ForwardPass;

/** How many tokens go through at once where some of them get a score for each word of the vocabulary. */
final class MaskedTokens {
    private static final double SCORES = 1 << 24; // 64 MiB of FLOAT32

    private MaskedTokens() {}

    /** @param share of the tokens that get scores */
    static int batchTokens(int vocabulary, double share) {
        return (int) Math.max(1, Math.min(ForwardPass.BATCH_TOKENS, SCORES / (vocabulary * share)));
    }
}
