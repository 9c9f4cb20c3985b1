package dev.attune.nn;

import dev.attune.tensor.DropoutKernel;
import dev.attune.tensor.Scope;
import dev.attune.tensor.SplitMix64;
import dev.attune.tensor.Tensor;

/**
 * What LoRA adds to the output of a linear layer, {@code dropout(x)·Aᵀ·Bᵀ·scale} (Hu et al. 2021, arXiv 2106.09685): {@code
 * lora_A.weight} (r, in) and {@code lora_B.weight} (out, r), by the names of PEFT. It stands below the layer that it adapts.
 */
public final class LowRank extends NeuralModule {
    private final Parameter a;
    private final Parameter b;
    private final double scale;
    private final double dropout;
    /** Where its dropout is, a number of its own as that of a {@link Dropout} below the layer would be. */
    private final long place;

    LowRank(Linear layer, int rank, double scale, double dropout, Init first) {
        a = child("lora_A", new Factor(first, rank, layer.in())).weight;
        b = child("lora_B", new Factor(Init.ZEROS, layer.out(), rank)).weight;
        this.scale = scale;
        this.dropout = dropout;
        this.place = SplitMix64.mix(layer.site() ^ "lora_dropout".hashCode());
        train(layer.training());
    }

    /** One of the two tables. */
    static final class Factor extends NeuralModule {
        private final Parameter weight;

        Factor(Init init, long rows, long columns) {
            weight = param("weight", init, rows, columns);
        }
    }

    /** A (r, in). */
    public Parameter a() {
        return a;
    }

    /** B (out, r). */
    public Parameter b() {
        return b;
    }

    /** What the product of the two is multiplied by. */
    public double scale() {
        return scale;
    }

    /**
     * @param y (N, out) what the layer gives, fresh: its memory may take the sum
     * @param x (N, in) the layer's input
     * @param keys of its rows
     */
    Tensor addTo(Tensor y, Tensor x, DropoutKeys keys) {
        double p = training() ? dropout : 0;
        Tensor kept = DropoutKernel.drops(p) ? DropoutKernel.apply(x, p, keys.first(x.size(0)), place) : x;
        Tensor low = kept.linear(a.value(), null); // (N, r)
        return y.addProduct(low, b.value(), scale);
    }

    /** Adds {@code scale·B·A} to a weight (out, in), or what it is turned to one (in, out), in place; not recorded. */
    void addTo(Parameter weight, boolean turned) {
        try (Scope scope = Scope.open()) {
            Tensor whole = turned ? weight.value().detach().transpose(0, 1) : weight.value();
            whole.addProductInPlace(b.value(), a.value(), scale);
        }
    }
}
