package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RMSprop (Tieleman and Hinton 2012; centered: Graves 2013, arXiv 1308.0850): divides by the root of a moving average of
 * squared gradients. torch's formula, which adds epsilon after the root; weight decay is L2.
 */
public final class RmsProp extends BlockwiseOptimizer {
    private final double alpha;
    private final double epsilon;
    private final double momentum;
    private final boolean centered;

    /**
     * @param alpha decay of the averages
     * @param momentum share of the last steps that stays; 0 for none
     * @param centered whether to divide by the standard deviation in place of the root of the mean square
     */
    public RmsProp(ParameterGroups groups, double alpha, double epsilon, double momentum, boolean centered) {
        super(groups);
        this.alpha = alpha;
        this.epsilon = epsilon;
        this.momentum = momentum;
        this.centered = centered;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("square_avg", shape);
        if (centered) tensors.put("grad_avg", shape);
        if (momentum != 0) tensors.put("momentum_buffer", shape);
        return tensors;
    }

    @Override
    boolean isDecayCoupled() {
        return true;
    }

    @Override
    void update(
            ParameterGroup group,
            Tensor value,
            Tensor gradient,
            List<Tensor> memory,
            Tensor free,
            double learningRate) {
        Tensor squares = memory.get(0);
        squares.mulInPlace(alpha);
        Dispatch.call("aten::addcmul_", "", squares, gradient, gradient, 1 - alpha);
        if (centered) {
            Tensor mean = memory.get(1);
            Dispatch.call("aten::lerp_", "Scalar", mean, gradient, 1 - alpha);
            Dispatch.call("aten::addcmul", "out", squares, mean, mean, -1.0, free);
            Dispatch.call("aten::sqrt_", "", free);
        } else {
            Dispatch.call("aten::sqrt", "out", squares, free);
        }
        Dispatch.call("aten::add_", "Scalar", free, epsilon, 1.0);
        if (momentum == 0) {
            Dispatch.call("aten::addcdiv_", "", value, gradient, free, -learningRate);
            return;
        }
        Tensor buffer = memory.get(memory.size() - 1);
        buffer.mulInPlace(momentum);
        Dispatch.call("aten::addcdiv_", "", buffer, gradient, free, 1.0);
        Dispatch.call("aten::add_", "Tensor", value, buffer, -learningRate);
    }
}
