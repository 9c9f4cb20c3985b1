package dev.attune.tensor;

import static dev.attune.tensor.Operation.guard;

import org.bytedeco.pytorch.global.torch;

/** Activation functions of libtorch: each gives a tensor of the shape of {@code x}. */
public final class Activations {
    private Activations() {}

    public static Tensor gelu(Tensor x) {
        return guard("gelu", () -> Tensor.of(torch.gelu(x.handle())), x);
    }

    /** GELU by its tanh approximation. */
    public static Tensor geluTanh(Tensor x) {
        return guard("geluTanh", () -> Tensor.of(torch.gelu(x.handle(), "tanh")), x);
    }

    public static Tensor relu(Tensor x) {
        return guard("relu", () -> Tensor.of(torch.relu(x.handle())), x);
    }

    public static Tensor tanh(Tensor x) {
        return guard("tanh", () -> Tensor.of(torch.tanh(x.handle())), x);
    }

    public static Tensor sigmoid(Tensor x) {
        return guard("sigmoid", () -> Tensor.of(torch.sigmoid(x.handle())), x);
    }

    public static Tensor silu(Tensor x) {
        return guard("silu", () -> Tensor.of(torch.silu(x.handle())), x);
    }

    /** Numbers that sum to 1 along {@code dimension}. */
    public static Tensor softmax(Tensor x, int dimension) {
        return guard("softmax", () -> Tensor.of(torch.softmax(x.handle(), dimension)), x);
    }

    /**
     * {@code softmax(scores + mask)} along {@code dimension}. The sum takes the memory of {@code scores}, which are used up:
     * they have to be fresh from an operation that does not need its result again, such as a product.
     */
    public static Tensor maskedSoftmax(Tensor scores, Tensor mask, int dimension) {
        return guard(
                "maskedSoftmax",
                () -> Tensor.of(torch.softmax(scores.handle().add_(mask.handle()), dimension)),
                scores,
                mask);
    }
}
