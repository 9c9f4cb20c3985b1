package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Lion (Chen et al. 2023, arXiv 2302.06675): every element moves by the learning rate, in the direction that the sign of an
 * average of gradients gives. The average of the step and the one that is remembered decay differently. Weight decay is
 * decoupled, and one tensor is remembered where Adam remembers two.
 */
public final class Lion extends BlockwiseOptimizer {
    private final double beta1;
    private final double beta2;

    /**
     * @param beta1 share of the memory in the direction of a step
     * @param beta2 decay of the memory
     */
    public Lion(ParameterGroups groups, double beta1, double beta2) {
        super(groups);
        this.beta1 = beta1;
        this.beta2 = beta2;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        return Map.of("exp_avg", shape);
    }

    @Override
    boolean isDecayCoupled() {
        return false;
    }

    @Override
    double restDecay(ParameterGroup group, double learningRate) {
        return 1 - learningRate * group.weightDecay();
    }

    @Override
    void update(
            ParameterGroup group,
            Tensor value,
            Tensor gradient,
            List<Tensor> memory,
            Tensor free,
            double learningRate) {
        Tensor average = memory.get(0);
        if (group.weightDecay() != 0) value.mulInPlace(restDecay(group, learningRate));
        Dispatch.call("aten::lerp", "Scalar_out", average, gradient, 1 - beta1, free);
        Dispatch.call("aten::sign_", "", free);
        Dispatch.call("aten::add_", "Tensor", value, free, -learningRate);
        Dispatch.call("aten::lerp_", "Scalar", average, gradient, 1 - beta2);
    }
}
