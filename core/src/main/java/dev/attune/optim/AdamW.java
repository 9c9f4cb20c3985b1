package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv 1711.05101), torch's formula. One native call updates
 * all parameters of a group and applies the clipping factor on the way: a single pass over parameters, gradients and both
 * moments.
 *
 * <p>The moments are saved under torch's names: {@code NAME.exp_avg}, {@code NAME.exp_avg_sq} and {@code NAME.step}, and
 * {@code NAME.rows} where they are of some rows of a table.
 */
public final class AdamW extends RememberingOptimizer {
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    public AdamW(ParameterGroups groups, double beta1, double beta2, double epsilon) {
        super(groups);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        Map<String, long[]> moments = new LinkedHashMap<>();
        moments.put("exp_avg", shape);
        moments.put("exp_avg_sq", shape);
        return moments;
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return true;
    }

    @Override
    double restDecay(ParameterGroup group, double learningRate) {
        return 1 - learningRate * group.weightDecay();
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Dispatch.call(
                "aten::_fused_adamw_",
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
