package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link AdamW} and {@link Adam} have in common. One native call updates all parameters of a group and applies the
 * clipping factor on the way: a single pass over parameters, gradients and both moments.
 */
abstract class FusedAdam extends RememberingOptimizer {
    private final String kernel;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    FusedAdam(String kernel, ParameterGroups groups, double beta1, double beta2, double epsilon) {
        super(groups);
        this.kernel = kernel;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    @Override
    final Map<String, long[]> tensors(long[] shape) {
        Map<String, long[]> moments = new LinkedHashMap<>();
        moments.put("exp_avg", shape);
        moments.put("exp_avg_sq", shape);
        return moments;
    }

    @Override
    final void update(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        inSizes(parts, some -> step(group, some, learningRate, gradientFactor));
    }

    private void step(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Dispatch.call(
                kernel,
                "",
                each(parts, ParameterMemory.Part::value),
                each(parts, ParameterMemory.Part::gradient),
                each(parts, part -> part.memory().get(0)),
                each(parts, part -> part.memory().get(1)),
                List.of(),
                each(parts, ParameterMemory.Part::steps),
                learningRate,
                beta1,
                beta2,
                group.weightDecay(),
                epsilon,
                false,
                false,
                scale(gradientFactor),
                null);
    }
}
