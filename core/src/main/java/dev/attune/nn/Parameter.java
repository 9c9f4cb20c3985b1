package dev.attune.nn;

import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that is trained and saved. Kept in FLOAT32; mixed precision makes 16-bit copies of it, and one
 * that only {@linkplain NeuralModule#castForPrediction predicts} has 16 bits only. Owned by its {@link NeuralModule}: not
 * freed by any scope.
 */
public final class Parameter {
    private Tensor value;
    /** In 16 bits, of a parameter that is not trained; null if there is none. */
    private @Nullable Tensor copy;

    private final Init init;
    private final boolean norm;

    Parameter(long[] shape, Init init, boolean norm) {
        this.value = Tensor.empty(DType.FLOAT32, shape).keep().requiresGrad(true);
        this.init = init;
        this.norm = norm;
    }

    public Tensor value() {
        return value;
    }

    /**
     * What a product takes: the copy where that is what autocast would make. It keeps its own copies only of what is trained, and
     * would make this one again for each pass.
     */
    Tensor inProducts() {
        Tensor kept = copy;
        return kept != null && Autocast.isIn(kept.type()) ? kept : value;
    }

    /** @see NeuralModule#keepFrozenCopies */
    void keepFrozenCopy(DType type) {
        boolean wanted = type != DType.FLOAT32 && !value.requiresGrad() && value.type() == DType.FLOAT32;
        if (wanted && copy != null && copy.type() == type) return;
        if (copy != null) copy.close();
        copy = wanted ? Scope.run(() -> value.detach().to(type)).keep() : null;
    }

    void close() {
        if (copy != null) copy.close();
        value.close();
    }

    /** Whether it belongs to a normalisation layer: such parameters are not decayed. */
    public boolean ofNorm() {
        return norm;
    }

    /**
     * Puts other values in place of these, of the same shape.
     *
     * @return those before; the caller has to put them back, or close them
     */
    public Tensor exchange(Tensor other) {
        Tensor before = value;
        value = other;
        return before;
    }

    /** Converts it for good, without a gradient from now on. */
    void castForPrediction(DType type) {
        Tensor trained = value;
        value = Scope.run(() -> trained.detach().to(type)).keep();
        trained.close();
    }

    /**
     * Lays a matrix out column by column; its shape stays. A product of one row and W (in, out) reads columns: where they are no
     * rows in memory, OpenBLAS adds up on one thread. Measured on two cores with AVX2, W (3072, 768): 47 GB/s instead of 26.
     */
    void turnForPrediction() {
        Tensor rows = value;
        value = Scope.run(() -> {
                    Tensor columns = Tensor.empty(rows.type(), rows.size(1), rows.size(0));
                    columns.copyInPlace(rows.transpose(0, 1));
                    // Back into its own memory: a second set of weights would be as much again, even if it were freed
                    // at once.
                    Tensor same = rows.view(rows.size(1), rows.size(0));
                    same.copyInPlace(columns);
                    return same.transpose(0, 1);
                })
                .keep();
        rows.close();
    }

    /** Keeps a copy for products besides what is looked up, without a gradient from now on. */
    void copyForPrediction(DType type) {
        value.requiresGrad(false);
        keepFrozenCopy(type);
    }

    /** Fills it as a new, untrained parameter. Draws from the process's generator. */
    public void initialise() {
        init.fill(value);
    }

    /**
     * Whether its norm is finite: so no value is infinite or not a number. A value whose square overflows is as bad a weight as one
     * that is infinite, and here it counts as such; {@link Tensor#isFinite} asks for each value.
     */
    public boolean isFinite() {
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                return Double.isFinite(value().norm());
            }
        });
    }
}
