package dev.attune.nn;

/**
 * How the heads of an attention layer look at tokens.
 *
 * @param query H, heads of the queries
 * @param keyValue heads of keys and values; each serves {@code query / keyValue} neighbours (grouped queries, Ainslie et al. 2023,
 *     arXiv 2305.13245)
 * @param scale what scores are multiplied with
 * @param causal whether a token sees itself and those before it only
 * @param window how many tokens a causal head sees, itself included; 0 for all
 */
public record Heads(int query, int keyValue, double scale, boolean causal, int window) {
    public Heads {
        if (query < 1 || keyValue < 1 || query % keyValue != 0) {
            throw new IllegalArgumentException(query + " heads of queries for " + keyValue + " of keys");
        }
        if (window < 0 || window > 0 && !causal) throw new IllegalArgumentException("a window of " + window);
    }

    /**
     * Heads that see all tokens of a sequence, with scores over √D.
     *
     * @param size D
     */
    public static Heads bidirectional(int heads, int size) {
        return new Heads(heads, heads, 1 / Math.sqrt(size), false, 0);
    }

    /** The same, but a token sees none behind it. */
    public static Heads causal(int heads, int size) {
        return new Heads(heads, heads, 1 / Math.sqrt(size), true, 0);
    }

    boolean isGrouped() {
        return keyValue < query;
    }

    /** With fewer heads of keys and values. */
    public Heads withKeyValueHeads(int heads) {
        return new Heads(query, heads, scale, causal, window);
    }

    /** With scores that are multiplied with another number. */
    public Heads withScale(double other) {
        return new Heads(query, keyValue, other, causal, window);
    }

    /** Of causal heads: each token sees so many, itself included. */
    public Heads withWindow(int tokens) {
        return new Heads(query, keyValue, scale, causal, tokens);
    }
}
