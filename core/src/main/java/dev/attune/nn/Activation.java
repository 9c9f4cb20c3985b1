package dev.attune.nn;

import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import dev.attune.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Activation functions by the names that {@code hidden_act} of a Hugging Face config.json uses. */
public final class Activation {
    private static final Map<String, UnaryOperator<Tensor>> BY_NAME = Map.of(
            "gelu", Tensor::gelu,
            "gelu_python", Tensor::gelu,
            "gelu_new", Tensor::geluTanh,
            "gelu_fast", Tensor::geluTanh,
            "gelu_pytorch_tanh", Tensor::geluTanh,
            "relu", Tensor::relu,
            "tanh", Tensor::tanh,
            "sigmoid", Tensor::sigmoid,
            "silu", Tensor::silu,
            "swish", Tensor::silu);

    private Activation() {}

    public static UnaryOperator<Tensor> named(String name) {
        UnaryOperator<Tensor> found = BY_NAME.get(name);
        if (found != null) return found;
        throw new CheckpointException("config.json names the activation \"" + name + "\", which Attune does not have."
                + Suggestion.didYouMean(name, BY_NAME.keySet()));
    }
}
