package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import java.util.List;
import java.util.Map;

/**
 * Adagrad (Duchi et al. 2011): divides by the root of the sum of all squared gradients so far, so that steps get smaller by
 * themselves. torch's formula; weight decay is L2. One native call for all parameters of a group.
 */
public final class Adagrad extends RememberingOptimizer {
    private final double rateDecay;
    private final double epsilon;

    /** @param rateDecay the learning rate of step t is divided by 1 + (t - 1) times this */
    public Adagrad(ParameterGroups groups, double rateDecay, double epsilon) {
        super(groups);
        this.rateDecay = rateDecay;
        this.epsilon = epsilon;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        return Map.of("sum", shape);
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return group.weightDecay() == 0;
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        inSizes(parts, some -> call(group, some, learningRate, gradientFactor));
    }

    private void call(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Dispatch.call(
                "aten::_fused_adagrad_",
                "",
                each(parts, ParameterMemory.Part::value),
                each(parts, ParameterMemory.Part::gradient),
                each(parts, part -> part.memory().get(0)),
                each(parts, ParameterMemory.Part::steps),
                learningRate,
                rateDecay,
                group.weightDecay(),
                epsilon,
                false,
                scale(gradientFactor),
                null);
    }
}
