package dev.attune.tensor;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;

/** Whether operations are recorded for {@code backward}. The state belongs to the thread, so it exists only as a lambda. */
public final class Grad {
    private Grad() {}

    /** Whether operations are recorded on this thread now. */
    public static boolean isOn() {
        Native.load();
        return GradMode.is_enabled();
    }

    /** Runs {@code body} without recording. */
    public static <T> T off(Supplier<T> body) {
        return with(false, body);
    }

    /** Runs {@code body} without recording. */
    public static void off(Runnable body) {
        with(false, () -> {
            body.run();
            return true;
        });
    }

    /**
     * Calls {@code hook} with the gradient of {@code leaf} during every {@link Tensor#backward()}; what it returns, of the
     * same shape, takes the place of the gradient. Tensors made in the hook are freed when it returns; an exception in it
     * ends the backward pass as the cause of a {@link dev.attune.error.TensorException}.
     *
     * <p>The hook may run on a thread of libtorch: it should not rely on thread-local state of the caller.
     *
     * @return closes the hook; until then it stays in force
     */
    public static GradientHook onGradient(Tensor leaf, UnaryOperator<Tensor> hook) {
        return GradientHook.register(leaf, hook);
    }

    /**
     * {@code part(x)}, whose intermediate tensors are not kept for {@link Tensor#backward()} but computed again then: memory
     * for time, about a third of a step more. The part has to give the same again, so it may draw nothing at random. The type
     * of {@link Autocast} in force is that of the second time too. What the part reads has to live until the scope that is open
     * now closes; backward has to come before.
     *
     * @param x FLOAT32
     * @param part to a tensor of the same shape and type
     */
    public static Tensor recomputed(Tensor x, UnaryOperator<Tensor> part) {
        return isOn() ? Recomputation.of(x, part) : Scope.run(() -> part.apply(x));
    }

    static <T> T on(Supplier<T> body) {
        return with(true, body);
    }

    private static <T> T with(boolean enabled, Supplier<T> body) {
        Native.load();
        // Not attached to a scope that the body might close: an unclosed guard would leave the thread without
        // gradients.
        AutoGradMode guard = new AutoGradMode(enabled);
        try {
            return body.get();
        } finally {
            guard.close();
        }
    }
}
