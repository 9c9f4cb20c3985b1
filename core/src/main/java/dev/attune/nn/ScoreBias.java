package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a family adds to the scores of attention within a text, such as T5's distances. Made once a pass, in its scope: layers may
 * share it.
 */
public final class ScoreBias {
    private final Map<Integer, Tensor> byKeys;

    private ScoreBias(Map<Integer, Tensor> byKeys) {
        this.byKeys = byKeys;
    }

    /** Makes what is added to the scores of texts that are padded alike. */
    @FunctionalInterface
    public interface Maker {
        /**
         * @param queries the places in their texts of the tokens that look, one of each text; null for the first {@code keys} of
         *     all texts
         * @param keys how many tokens are looked at, from the first of each text on
         * @return (1, H, K, K), or (B, H, 1, K) for one token of each text
         */
        Tensor make(int @Nullable [] queries, int keys);
    }

    /** For one pass over this layout. */
    public static ScoreBias of(SequenceLayout layout, Maker maker) {
        Map<Integer, Tensor> byKeys = new LinkedHashMap<>();
        for (int keys : layout.keysSeen()) {
            byKeys.computeIfAbsent(keys, count -> maker.make(layout.lastPlaces(), count));
        }
        return new ScoreBias(byKeys);
    }

    /** (1, H, Q, K) or (B, H, 1, K). */
    Tensor ofKeys(int keys) {
        Tensor bias = byKeys.get(keys);
        if (bias == null) throw new IllegalArgumentException("The bias is for another layout: not for " + keys);
        return bias;
    }
}
