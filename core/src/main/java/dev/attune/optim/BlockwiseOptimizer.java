package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An optimizer without a fused kernel in libtorch, whose formula treats each element by itself: it goes over {@link Blocks}. */
abstract class BlockwiseOptimizer extends RememberingOptimizer {
    BlockwiseOptimizer(ParameterGroups groups) {
        super(groups);
    }

    /** Whether weight decay is added to the gradient. */
    abstract boolean isDecayCoupled();

    /**
     * One step of some elements.
     *
     * @param gradient clipped, and with coupled weight decay; not to be changed
     * @param memory in the order of the names
     * @param free memory for a result on the way
     */
    abstract void update(
            ParameterGroup group,
            Tensor value,
            Tensor gradient,
            List<Tensor> memory,
            Tensor free,
            double learningRate);

    @Override
    final boolean restsWithoutGradient(ParameterGroup group) {
        return !isDecayCoupled() || group.weightDecay() == 0;
    }

    @Override
    final void update(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Tensor changed = Blocks.scratch();
        Tensor free = Blocks.scratch();
        Tensor factor = gradientFactor == 1 ? null : Tensor.zeros(DType.FLOAT32);
        if (factor != null) factor.fillInPlace(gradientFactor);
        double decay = isDecayCoupled() ? group.weightDecay() : 0;
        for (ParameterMemory.Part part : parts) {
            Tensor value = part.value().view(-1);
            Tensor gradient = part.gradient().reshape(-1);
            List<Tensor> memory = part.memory().stream().map(m -> m.view(-1)).toList();
            Blocks.over(value.elements(), 1, piece -> {
                Tensor v = piece.of(value);
                Tensor g = gradient(piece.of(gradient), factor, v, decay, changed.narrow(0, 0, piece.length()));
                List<Tensor> m = memory.stream().map(piece::of).toList();
                update(group, v, g, m, free.narrow(0, 0, piece.length()), learningRate);
            });
        }
    }

    private static Tensor gradient(
            Tensor gradient, @Nullable Tensor factor, Tensor value, double decay, Tensor changed) {
        if (factor == null && decay == 0) return gradient;
        if (factor == null) {
            Dispatch.call("aten::add", "out", gradient, value, decay, changed);
            return changed;
        }
        Dispatch.call("aten::mul", "out", gradient, factor, changed);
        if (decay != 0) Dispatch.call("aten::add_", "Tensor", changed, value, decay);
        return changed;
    }
}
