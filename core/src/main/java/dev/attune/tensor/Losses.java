package dev.attune.tensor;

import static dev.attune.tensor.Operation.guard;

import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Losses of libtorch, logits first. A sum over elements is a scalar: whoever knows the whole batch divides it.
 */
public final class Losses {
    /** The class of a row that has none: it adds nothing, and has no gradient. */
    public static final int IGNORED = -100;

    private static final int NONE = 0;
    private static final int SUM = 2;

    private Losses() {}

    /** Sum of the cross entropies of logits (B, K) against classes (B), with label smoothing. */
    public static Tensor crossEntropySum(Tensor logits, Tensor classes, double labelSmoothing) {
        return guard(
                "cross_entropy",
                () -> Tensor.of(torch.cross_entropy_loss(
                        logits.handle(), classes.handle(), new TensorOptional(), SUM, IGNORED, labelSmoothing)),
                logits,
                classes);
    }

    /** The cross entropy of each row of logits (B, K) against its class (B), with label smoothing: (B). */
    public static Tensor crossEntropies(Tensor logits, Tensor classes, double labelSmoothing) {
        return guard(
                "cross_entropy",
                () -> Tensor.of(torch.cross_entropy_loss(
                        logits.handle(), classes.handle(), new TensorOptional(), NONE, IGNORED, labelSmoothing)),
                logits,
                classes);
    }

    /** Sum of the binary cross entropies of logits against targets in 0..1, both of one shape. */
    public static Tensor binaryCrossEntropySum(Tensor logits, Tensor targets) {
        return guard(
                "binary_cross_entropy_with_logits",
                () -> Tensor.of(torch.binary_cross_entropy_with_logits(
                        logits.handle(), targets.handle(), new TensorOptional(), new TensorOptional(), SUM)),
                logits,
                targets);
    }

    /** Sum of squared differences of two tensors of one shape. */
    public static Tensor squaredErrorSum(Tensor values, Tensor targets) {
        return guard(
                "mse_loss", () -> Tensor.of(torch.mse_loss(values.handle(), targets.handle(), SUM)), values, targets);
    }
}
