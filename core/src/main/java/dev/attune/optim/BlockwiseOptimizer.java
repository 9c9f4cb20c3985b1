package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer without a fused kernel in libtorch, whose formula treats each element by itself: it goes over {@link
 * Blocks}.
 */
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
            ParameterGroup group, Tensor value, Tensor gradient, List<Tensor> memory, Tensor free, double learningRate);

    @Override
    final boolean restsWithoutGradient(ParameterGroup group) {
        return !isDecayCoupled() || group.weightDecay() == 0;
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Tensor factor = gradientFactor == 1 ? null : scalar(gradientFactor);
        double decay = isDecayCoupled() ? group.weightDecay() : 0;
        List<Flat> flat = parts.stream().map(Flat::of).toList();
        List<Blocks.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < flat.size(); i++) {
            pieces.addAll(Blocks.of(i, flat.get(i).value.elements(), 1));
        }
        Blocks.inParallel(pieces, 1, (piece, changed, free) -> {
            Flat whole = flat.get(piece.of());
            Tensor value = piece.of(whole.value);
            Tensor result = changed.narrow(0, 0, piece.length());
            Tensor gradient = gradient(piece.of(whole.gradient), factor, value, decay, result);
            List<Tensor> memory = whole.memory.stream().map(piece::of).toList();
            update(group, value, gradient, memory, free.narrow(0, 0, piece.length()), learningRate);
        });
    }

    record Flat(Tensor value, Tensor gradient, List<Tensor> memory) {
        static Flat of(ParameterMemory.Part part) {
            return new Flat(
                    part.value().view(-1),
                    part.gradient().reshape(-1),
                    part.memory().stream().map(tensor -> tensor.view(-1)).toList());
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
