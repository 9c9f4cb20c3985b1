package dev.attune.tensor;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Gradient checkpointing (Chen et al. 2016, arXiv 1604.06174): a part of a model is computed without a record, and computed
 * again when the backward pass comes to it. Of all that it makes on its way only its input stays in memory.
 */
final class Recomputation {
    private Recomputation() {}

    /** @see Grad#recomputed */
    static Tensor of(Tensor x, UnaryOperator<Tensor> part) {
        DType type = Autocast.type();
        Tensor input = x.detach();
        // Its own leaf where nothing before it is trained: the part's parameters have to be reached all the same.
        Tensor entry = x.requiresGrad() ? x : input.detach().requiresGrad(true);
        Tensor output = Grad.off(() -> Scope.run(() -> Autocast.withoutCache(() -> part.apply(input))));
        return Scope.run(() -> {
            // Zero is added, but it connects: the gradient of the sum goes to the input, and becomes that of the input
            // on its
            // way. The hook keeps the tensor that it is on, so it is on the one that the next part keeps anyway.
            Tensor connected = entry.sub(entry.detach()).add(output);
            Scope.closeWithParent(Grad.onGradient(connected, gradient -> again(input, part, type, gradient)));
            return connected;
        });
    }

    private static Tensor again(Tensor input, UnaryOperator<Tensor> part, DType type, Tensor gradient) {
        return Grad.on(() -> {
            Tensor x = input.detach().requiresGrad(true);
            Tensor output = Autocast.run(type, () -> part.apply(x));
            Operation.guard(
                    "backward",
                    () -> {
                        output.handle()
                                .backward(
                                        gradient.to(output.type()).handle(),
                                        new BoolOptional(false),
                                        false,
                                        new TensorArrayRefOptional());
                        return true;
                    },
                    output,
                    gradient);
            return Objects.requireNonNull(x.grad(), "the part does not depend on its input");
        });
    }
}
