package dev.attune.nn;

import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import dev.attune.tensor.Activations;
import dev.attune.tensor.Tensor;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Activation functions by the names that {@code hidden_act} of a Hugging Face config.json uses. */
public final class Activation {
    private static final Map<String, UnaryOperator<Tensor>> BY_NAME = Map.of(
            "gelu", Activations::gelu,
            "gelu_python", Activations::gelu,
            "gelu_new", Activations::geluTanh,
            "gelu_fast", Activations::geluTanh,
            "gelu_pytorch_tanh", Activations::geluTanh,
            "relu", Activations::relu,
            "tanh", Activations::tanh,
            "sigmoid", Activations::sigmoid,
            "silu", Activations::silu,
            "swish", Activations::silu);

    private Activation() {}

    /** @param source the file that names it, for the message if there is none such */
    public static UnaryOperator<Tensor> named(String name, String source) {
        UnaryOperator<Tensor> found = BY_NAME.get(name);
        if (found != null) return found;
        throw new CheckpointException(source + " names the activation \"" + name + "\", which Attune does not have."
                + Suggestion.didYouMean(name, BY_NAME.keySet()));
    }
}
