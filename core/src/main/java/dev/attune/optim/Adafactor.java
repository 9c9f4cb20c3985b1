package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) as Hugging Face's Trainer makes it: with the learning rate of the run,
 * no scaling by the size of the parameters, and no first moment. Of a matrix only the means of squared gradients of each row
 * and column are remembered, their product in place of the squares themselves; of a vector all of them. An update whose root
 * mean square is above 1 is shortened to that. Weight decay is decoupled.
 */
public final class Adafactor extends RememberingOptimizer {
    /** Added to squared gradients. */
    private static final double EPSILON = 1e-30;

    private static final double DECAY_RATE = -0.8;
    private static final double CLIP_THRESHOLD = 1;

    /** @throws IllegalArgumentException for a parameter of more than two dimensions */
    public Adafactor(ParameterGroups groups) {
        super(groups);
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        if (shape.length < 2) return Map.of("exp_avg_sq", shape);
        if (shape.length > 2) throw new IllegalArgumentException("Adafactor takes vectors and matrices only.");
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("exp_avg_sq_row", new long[] {shape[0]});
        tensors.put("exp_avg_sq_col", new long[] {shape[1]});
        return tensors;
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return false; // what is remembered is of all rows
    }

    /** Rows without gradient do not move: an update is a multiple of the gradient. */
    @Override
    ParameterMemory.Part part(ParameterGroup group, ParameterMemory memory, Tensor gradient) {
        return gradient.isSparse() ? memory.rowsOf(gradient) : memory.part(gradient);
    }

    @Override
    double restDecay(ParameterGroup group, double learningRate) {
        return 1 - learningRate * group.weightDecay();
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        double decay = restDecay(group, learningRate);
        List<AdafactorMatrix> matrices = new ArrayList<>();
        for (ParameterMemory.Part part : parts) {
            double kept = 1 - Math.pow(part.steps().item(), DECAY_RATE);
            if (part.memory().size() > 1) matrices.add(new AdafactorMatrix(part, kept, gradientFactor));
            else vector(part, kept, learningRate, decay, gradientFactor);
        }
        AdafactorMatrix.step(matrices, learningRate, decay);
    }

    private static void vector(
            ParameterMemory.Part part, double kept, double learningRate, double decay, double gradientFactor) {
        Tensor squares = part.memory().get(0);
        Tensor gradient = part.gradient().mul(gradientFactor);
        average(squares, gradient.mul(gradient), kept);
        Tensor update = rsqrt(squares).mul(gradient);
        move(part.value(), update, decay, rate(learningRate, update.norm(), update.elements()));
    }

    /** {@code average = kept * average + (1 - kept) * (squares + epsilon)}; uses up the squares. */
    static void average(Tensor average, Tensor squares, double kept) {
        average.mulInPlace(kept);
        Dispatch.call("aten::add_", "Scalar", squares, EPSILON, 1.0);
        Dispatch.call("aten::add_", "Tensor", average, squares, 1 - kept);
    }

    /** What an update of this norm is multiplied with. */
    static double rate(double learningRate, double norm, long elements) {
        return learningRate / Math.max(1, norm / Math.sqrt(elements) / CLIP_THRESHOLD);
    }

    static void move(Tensor value, Tensor update, double decay, double rate) {
        if (decay != 1) value.mulInPlace(decay);
        Dispatch.call("aten::add_", "Tensor", value, update, -rate);
    }

    static Tensor rsqrt(Tensor tensor) {
        return Dispatch.call("aten::rsqrt", "", tensor);
    }
}
