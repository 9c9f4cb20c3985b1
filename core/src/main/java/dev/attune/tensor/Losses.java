package dev.attune.tensor;

import static dev.attune.tensor.Operation.guard;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Losses of libtorch, logits first. A sum over elements is a scalar: whoever knows the whole batch divides it.
 */
public final class Losses {
    /** The class of a row that has none: it adds nothing, and has no gradient. */
    public static final int IGNORED = -100;

    private static final int NONE = 0;
    private static final int SUM = 2;
    /** The least 1 - p of a focal loss: far below what a float has beside 1. */
    private static final double LEAST = 1e-30;

    private Losses() {}

    /**
     * Sum of the cross entropies of logits (B, K) against classes (B), with label smoothing.
     *
     * @param weights (K): each row counts with that of its class; null for all alike
     */
    public static Tensor crossEntropySum(
            Tensor logits, Tensor classes, @Nullable Tensor weights, double labelSmoothing) {
        return crossEntropy(logits, classes, weights, SUM, labelSmoothing);
    }

    /** As {@link #crossEntropySum(Tensor, Tensor, Tensor, double)}, all classes alike. */
    public static Tensor crossEntropySum(Tensor logits, Tensor classes, double labelSmoothing) {
        return crossEntropySum(logits, classes, null, labelSmoothing);
    }

    private static Tensor crossEntropy(
            Tensor logits, Tensor classes, @Nullable Tensor weights, int reduction, double labelSmoothing) {
        return guard(
                "cross_entropy",
                () -> Tensor.of(torch.cross_entropy_loss(
                        logits.handle(), classes.handle(), optional(weights), reduction, IGNORED, labelSmoothing)),
                logits,
                classes);
    }

    /**
     * Sum of the focal losses of logits (B, K) against classes (B): w (1 - p)^γ (-log p), with p the probability of the class
     * and w its weight.
     *
     * @param weights (K); null for all alike
     */
    public static Tensor focalSum(Tensor logits, Tensor classes, @Nullable Tensor weights, double gamma) {
        Tensor losses = crossEntropy(logits, classes, null, NONE, 0); // (B)
        Tensor weighted = weights == null ? losses : crossEntropy(logits, classes, weights, NONE, 0);
        return focus(losses, gamma).mul(weighted).sum();
    }

    /**
     * Sum of the focal losses of logits against targets 0 or 1, both (B, K), with p the probability of the target.
     *
     * @param positive (K) what a target 1 counts against a 0; null for alike
     */
    public static Tensor binaryFocalSum(Tensor logits, Tensor targets, @Nullable Tensor positive, double gamma) {
        Tensor losses = binaryCrossEntropy(logits, targets, null, NONE);
        Tensor weighted = positive == null ? losses : binaryCrossEntropy(logits, targets, positive, NONE);
        return focus(losses, gamma).mul(weighted).sum();
    }

    /** (1 - p)^γ from -log p. Where p is 1, so that a power below 1 would have no gradient, it has the gradient 0. */
    private static Tensor focus(Tensor losses, double gamma) {
        return guard(
                "focal_loss",
                () -> {
                    Tensor miss =
                            Tensor.of(torch.expm1(losses.mul(-1).handle())).mul(-1);
                    Tensor above = Tensor.of(torch.clamp_min(miss.handle(), new Scalar(LEAST)));
                    return Tensor.of(torch.pow(above.handle(), new Scalar(gamma)));
                },
                losses);
    }

    private static TensorOptional optional(@Nullable Tensor tensor) {
        return tensor == null ? new TensorOptional() : new TensorOptional(tensor.handle());
    }

    /** The cross entropy of each row of logits (B, K) against its class (B), with label smoothing: (B). */
    public static Tensor crossEntropies(Tensor logits, Tensor classes, double labelSmoothing) {
        return crossEntropy(logits, classes, null, NONE, labelSmoothing);
    }

    /**
     * Sum of the binary cross entropies of logits against targets in 0..1, both (B, K).
     *
     * @param positive (K): targets of 1 count with that of their column; null for alike
     */
    public static Tensor binaryCrossEntropySum(Tensor logits, Tensor targets, @Nullable Tensor positive) {
        return binaryCrossEntropy(logits, targets, positive, SUM);
    }

    /** As {@link #binaryCrossEntropySum(Tensor, Tensor, Tensor)}, all alike; of any shape. */
    public static Tensor binaryCrossEntropySum(Tensor logits, Tensor targets) {
        return binaryCrossEntropySum(logits, targets, null);
    }

    private static Tensor binaryCrossEntropy(Tensor logits, Tensor targets, @Nullable Tensor positive, int reduction) {
        return guard(
                "binary_cross_entropy_with_logits",
                () -> Tensor.of(torch.binary_cross_entropy_with_logits(
                        logits.handle(), targets.handle(), new TensorOptional(), optional(positive), reduction)),
                logits,
                targets);
    }

    /** Sum of squared differences of two tensors of one shape. */
    public static Tensor squaredErrorSum(Tensor values, Tensor targets) {
        return guard(
                "mse_loss", () -> Tensor.of(torch.mse_loss(values.handle(), targets.handle(), SUM)), values, targets);
    }
}
