package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationTest {
    /** Values at -3, -0.5 and 1 from the reference implementation. */
    @ParameterizedTest
    @CsvSource({
        "gelu, -.004049694, -.154268769, .841344746",
        "gelu_python, -.004049694, -.154268769, .841344746",
        "gelu_new, -.003637392, -.154285990, .841191991",
        "gelu_fast, -.003637392, -.154285990, .841191991",
        "gelu_pytorch_tanh, -.003637392, -.154285990, .841191991",
        "relu, 0, 0, 1",
        "tanh, -.995054754, -.462117157, .761594156",
        "sigmoid, .047425873, .377540669, .731058579",
        "silu, -.142277620, -.188770334, .731058579",
        "swish, -.142277620, -.188770334, .731058579",
    })
    void named(String name, float a, float b, float c) {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ofFloats(new float[] {-3, -0.5f, 1}, 3);
            assertThat(Activation.named(name, "config.json").apply(x).toFloats())
                    .containsExactly(new float[] {a, b, c}, within(1e-6f));
        }
    }

    @Test
    void anUnknownNameIsSuggestedTheNearest() {
        assertThatThrownBy(() -> Activation.named("gelu_nwe", "a/config.json"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("a/config.json names the activation \"gelu_nwe\"")
                .hasMessageEndingWith(" Did you mean \"gelu_new\"?");
    }
}
