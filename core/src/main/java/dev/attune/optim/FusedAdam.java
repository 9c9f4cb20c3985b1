package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.OneThread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@link AdamW} and {@link Adam} have in common. One native call updates all parameters of a group and applies the
 * clipping factor on the way: a single pass over parameters, gradients and both moments.
 */
abstract class FusedAdam extends RememberingOptimizer {
    /** Numbers of a parameter that are updated in the time that waking another thread takes. */
    private static final long SMALL = 1 << 17;

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
        // The kernel wakes all threads for each of them, be it as small as a bias.
        Map<Boolean, List<ParameterMemory.Part>> bySize = parts.stream()
                .collect(Collectors.partitioningBy(part -> part.value().elements() <= SMALL));
        OneThread.run(() -> {
            step(group, bySize.get(true), learningRate, gradientFactor);
            return null;
        });
        step(group, bySize.get(false), learningRate, gradientFactor);
    }

    private void step(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        if (parts.isEmpty()) return;
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
