package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LayerStackTest {
    private final LayerStack stack = new LayerStack(
            List.of("transformer.wte", "transformer.wpe"), List.of("transformer.h.0", "transformer.h.1"));

    @Test
    void embeddingsAreOneStepAndEachLayerIsOne() {
        assertThat(stack.place("transformer.wte.weight")).isZero();
        assertThat(stack.place("transformer.wpe.weight")).isZero();
        assertThat(stack.place("transformer.h.0.ln_1.bias")).isEqualTo(1);
        assertThat(stack.place("transformer.h.1.mlp.c_fc.weight")).isEqualTo(2);
        assertThat(stack.place("transformer.h.10.mlp.c_fc.weight"))
                .as("no layer of this stack")
                .isEqualTo(3);
        assertThat(stack.place("transformer.ln_f.weight"))
                .isEqualTo(stack.top())
                .isEqualTo(3);
    }

    @Test
    void theModuleOfAParameter() {
        assertThat(stack.module("transformer.wpe.weight")).isEqualTo("transformer.wpe");
        assertThat(stack.module("transformer.h.1.ln_1.bias")).isEqualTo("transformer.h.1");
        assertThat(stack.module("score.weight")).isNull();
    }
}
