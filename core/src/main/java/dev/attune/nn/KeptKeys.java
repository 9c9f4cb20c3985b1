package dev.attune.nn;

import dev.attune.tensor.Activations;
import dev.attune.tensor.AttentionKernel;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values that one layer keeps from pass to pass: (B, Hkv, P, D) each. Owned by a cache.
 *
 * @param keys with room for P tokens
 * @param values as keys
 */
record KeptKeys(Tensor keys, Tensor values) {
    /**
     * What queries take from the first tokens; heads that share keys are as many queries of one head.
     *
     * @param queries (B, Hkv, Q, D)
     * @param tokens T of the P
     * @param mask added to the scores, (B, 1, 1, T); null if all is seen
     * @param bias added to the scores besides, (B, Hkv, Q, T); null for none
     * @return (B, Hkv, Q, D)
     */
    Tensor attend(Tensor queries, long tokens, @Nullable Tensor mask, @Nullable Tensor bias, double scale) {
        Tensor k = keys.narrow(2, 0, tokens);
        Tensor v = values.narrow(2, 0, tokens);
        if (bias == null && queries.type() == DType.FLOAT32) {
            return AttentionKernel.apply(queries, k, v, mask, scale, false);
        }
        Tensor scaled = scale == 1 ? queries : queries.mul(scale);
        Tensor scores = scaled.matmul(k.transpose(2, 3)); // (B, Hkv, Q, T)
        if (bias != null) scores = scores.add(bias);
        if (mask != null) scores = scores.add(AttentionGrid.inType(mask, scores.type()));
        return Activations.softmax(scores, -1).matmul(v);
    }

    void close() {
        keys.close();
        values.close();
    }
}
