package dev.attune.tensor;

import static dev.attune.tensor.Operation.guard;

import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/**
 * The largest values along the last dimension, the largest first; nothing is said about the order of equals.
 *
 * @param values (…, k)
 * @param places where they stand along the last dimension, INT64, (…, k)
 */
public record TopK(Tensor values, Tensor places) {
    /** @param k at most the size of the last dimension */
    public static TopK of(Tensor x, int k) {
        return guard(
                "topk",
                () -> {
                    // Both tensors lie inside the pair: copies of the handles outlive it.
                    try (T_TensorTensor_T pair = torch.topk(x.handle(), k, -1, true, true)) {
                        return new TopK(
                                Tensor.of(new org.bytedeco.pytorch.Tensor(pair.get0())),
                                Tensor.of(new org.bytedeco.pytorch.Tensor(pair.get1())));
                    }
                },
                x);
    }
}
