package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.nn.Init;
import dev.attune.nn.LayerNorm;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hugging Face's rule, name by name. */
class ParameterGroupsTest {
    private static final class One extends NeuralModule {
        final Parameter parameter = param("p", Init.ZEROS, 1);
    }

    private static boolean decayed(String name) {
        try (One one = new One()) {
            ParameterGroups groups = ParameterGroups.of(Map.of(name, one.parameter), 0.1);
            assertThat(groups.all()).containsExactly(one.parameter);
            return groups.groups().get(0).weightDecay() == 0.1;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert.encoder.layer.0.attention.self.query.bias",
                "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
                "bert.embeddings.LayerNorm.weight",
                "embeddings.layernorm.weight",
                "model.LAYERNORM.w",
                "layers.0.rmsnorm.weight",
                "model.RMSNorm.weight",
                "norm.weight",
                "model.norm.weight",
                "model.norm",
                "layers.3.input_norm.weight",
                "layers.3.q_norm",
                "cls.predictions.bias",
                "biases.table",
            })
    void free(String name) {
        assertThat(decayed(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert.embeddings.word_embeddings.weight",
                "bert.embeddings.position_embeddings.weight",
                "deberta.encoder.rel_embeddings.weight",
                "bert.pooler.dense.weight",
                "classifier.weight",
                "normal.weight",
                "encoder.norms.weight",
                "model.abnorm.weight",
                "model.norm1.weight",
                "layer_normal.weight",
                "h.0.ln_1.weight",
                "layer_norm2.weight",
            })
    void pulledToZero(String name) {
        assertThat(decayed(name)).isTrue();
    }

    @Test
    void whatBelongsToANormLayerIsFreeWhateverItsName() {
        try (LayerNorm norm = new LayerNorm(2, 1e-5)) {
            Map<String, Parameter> named = new LinkedHashMap<>();
            named.put("h.0.ln_1.weight", norm.parameters().get("weight"));
            named.put("h.0.ln_1.shift", norm.parameters().get("bias"));
            ParameterGroups groups = ParameterGroups.of(named, 0.1);
            assertThat(groups.groups()).containsExactly(new ParameterGroup(named, 0, 1));
        }
    }

    @Test
    void frozenParametersAreInNeitherGroup() {
        try (One frozen = new One();
                One trained = new One()) {
            frozen.parameter.value().requiresGrad(false);
            Map<String, Parameter> named = new LinkedHashMap<>();
            named.put("a.weight", frozen.parameter);
            named.put("b.weight", trained.parameter);
            named.put("c.bias", frozen.parameter);
            ParameterGroups groups = ParameterGroups.of(named, 0.1);
            assertThat(groups.groups())
                    .containsExactly(new ParameterGroup(Map.of("b.weight", trained.parameter), 0.1, 1));
        }
    }
}
