package dev.attune.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LayerStack;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.nn.CrossLayout;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Backbone, head and layers of models that read one text and write another, some of which have no name for their backbone. */
class EncoderDecoderPartsTest {
    private static void on(String name, Head head, Consumer<LoadedModel> check) {
        LoadedModel loaded = Models.load(Golden.path("model/seq2seq/" + name), head, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            check.accept(loaded);
        }
    }

    /** T5's names begin at the root in two of its models: what is not the head is the backbone. */
    @Test
    void theHeadIsWhatStandsBesideTheBackbone() {
        on("t5-write-b", Head.SEQUENCE_TO_SEQUENCE, t5 -> heads(t5, "lm_head.weight"));
        on("t5-write-a", Head.SEQUENCE_TO_SEQUENCE, t5 -> heads(t5));
        on("t5-question-a", Head.QUESTION_ANSWERING, t5 -> heads(t5, "qa_outputs.weight", "qa_outputs.bias"));
        on("t5-tokens-a", Head.TOKEN_CLASSIFICATION, t5 -> heads(t5, "classifier.weight", "classifier.bias"));
        on("t5-features-a", Head.BACKBONE, t5 -> heads(t5));
        on("bart-write-a", Head.SEQUENCE_TO_SEQUENCE, bart -> heads(bart));
        on(
                "bart-sequence-b",
                Head.SEQUENCE_CLASSIFICATION,
                bart -> heads(
                        bart,
                        "classification_head.dense.weight",
                        "classification_head.dense.bias",
                        "classification_head.out_proj.weight",
                        "classification_head.out_proj.bias"));
        on("bart-features-b", Head.HIDDEN_STATES, bart -> heads(bart));
    }

    private static void heads(LoadedModel loaded, String... names) {
        PretrainedModel model = loaded.model();
        assertThat(model.headParameters()).containsExactly(names);
        Set<String> all = new LinkedHashSet<>(model.parameters().keySet());
        all.removeAll(model.headParameters());
        assertThat(model.backboneParameters()).isEqualTo(all).isNotEmpty();
    }

    @Test
    void freezingTheBaseLeavesTheHead() {
        on("t5-question-b", Head.QUESTION_ANSWERING, loaded -> {
            PretrainedModel model = loaded.model();
            Set<String> frozen = Freezing.of("base").apply(model);
            assertThat(frozen).isEqualTo(model.backboneParameters()).contains("shared.weight");
            assertThat(model.trainableCount()).isEqualTo(2 * 20 + 2);
        });
        // As in the reference, whose base_model is all of these: the last product is the words' own table.
        for (String name : List.of("t5-write-a", "bart-write-a")) {
            on(
                    name,
                    Head.SEQUENCE_TO_SEQUENCE,
                    loaded -> assertThatThrownBy(() -> Freezing.of("base").apply(loaded.model()))
                            .isInstanceOf(ConfigException.class)
                            .hasMessageContaining("freeze leaves nothing to train"));
        }
    }

    @Test
    void layersAreThoseOfTheEncoderThenOfTheDecoder() {
        on("t5-write-a", Head.SEQUENCE_TO_SEQUENCE, loaded -> {
            LayerStack stack = loaded.model().stack();
            assertThat(stack.embeddings()).containsExactly("shared");
            assertThat(stack.layers())
                    .containsExactly(
                            "encoder.block.0",
                            "encoder.block.1",
                            "decoder.block.0",
                            "decoder.block.1",
                            "decoder.block.2");
            assertThat(stack.place("decoder.block.0.layer.1.EncDecAttention.q.weight"))
                    .isEqualTo(3);
            assertThat(stack.place("decoder.final_layer_norm.weight")).isEqualTo(stack.top());
            assertThat(Freezing.of("all_but_last=2").names(loaded.model()))
                    .contains("decoder.block.0.layer.2.DenseReluDense.wo.weight", "shared.weight")
                    .noneMatch(name -> name.startsWith("decoder.block.1.") || name.contains("final_layer_norm"));
        });
        on("bart-write-a", Head.SEQUENCE_TO_SEQUENCE, loaded -> {
            LayerStack stack = loaded.model().stack();
            assertThat(stack.place("model.decoder.layernorm_embedding.bias")).isZero();
            assertThat(stack.place("model.encoder.embed_positions.weight")).isZero();
            assertThat(stack.place("model.decoder.layers.1.fc1.bias")).isEqualTo(3);
            assertThat(TrainableParameters.of(loaded.model()).parts())
                    .extracting(TrainableParameters.Part::name)
                    .containsExactly(
                            "shared",
                            "encoder.embed_positions",
                            "encoder.layernorm_embedding",
                            "decoder.embed_positions",
                            "decoder.layernorm_embedding",
                            "layer 0 of encoder",
                            "layers 0 to 1 of decoder");
        });
    }

    @Test
    void otherNamesOfATableMeanTheTable() {
        on("bart-write-a", Head.SEQUENCE_TO_SEQUENCE, loaded -> {
            for (String name : List.of("lm_head", "model.shared", "shared", "decoder.embed_tokens")) {
                assertThat(Freezing.of(name).names(loaded.model())).as(name).containsExactly("model.shared.weight");
            }
        });
        on("t5-write-b", Head.SEQUENCE_TO_SEQUENCE, loaded -> {
            assertThat(Freezing.of("lm_head").names(loaded.model())).containsExactly("lm_head.weight");
            assertThat(Freezing.of("encoder.embed_tokens").names(loaded.model()))
                    .containsExactly("shared.weight");
            assertThat(Freezing.of("encoder.block[-1].layer[0].SelfAttention.q").names(loaded.model()))
                    .containsExactly("encoder.block.1.layer.0.SelfAttention.q.weight");
        });
    }

    /** The layers that PEFT adapts where nobody names any: of both stacks, and where one looks at the other. */
    @Test
    void loraAdaptsQueriesAndValues() {
        Rng.seed(3);
        on("t5-write-a", Head.SEQUENCE_TO_SEQUENCE, loaded -> {
            Lora lora = Lora.attach(loaded, LoraConfig.DEFAULTS, null);
            assertThat(layers(lora)).hasSize(2 * (2 + 2 * 3)).contains("decoder.block.2.layer.1.EncDecAttention.v");
            assertThat(lora.notes()).isEmpty();
        });
        on("bart-sequence-a", Head.SEQUENCE_CLASSIFICATION, loaded -> {
            Lora lora = Lora.attach(loaded, LoraConfig.DEFAULTS, null);
            assertThat(layers(lora))
                    .hasSize(2 * (1 + 2 * 2))
                    .contains("model.decoder.layers.0.encoder_attn.q_proj", "model.encoder.layers.0.self_attn.v_proj");
        });
    }

    /** What an adapter does not see goes by the keys of the rows that its layer reads: of what was encoded, where it is that. */
    @Test
    void adaptersDropWhatTheirLayersRead() {
        Rng.seed(4);
        for (String name : List.of("t5-write-b", "bart-write-a")) {
            on(name, Head.SEQUENCE_TO_SEQUENCE, loaded -> {
                LoraConfig config = LoraConfig.builder()
                        .dropout(0.4)
                        .targetModules(name.startsWith("t5") ? List.of("k", "v") : List.of("k_proj", "v_proj"))
                        .build();
                Lora lora = Lora.attach(loaded, config, null);
                lora.trained().values().forEach(table -> table.value().normalInPlace(0, 0.5));
                PretrainedModel model = loaded.model();
                float[] whole = logits(model, null);
                model.train(true);
                float[] dropped = logits(model, new long[] {7, 8});
                assertThat(dropped).isNotEqualTo(whole);
                assertThat(logits(model, new long[] {7, 8})).containsExactly(dropped);
            });
        }
    }

    private static float[] logits(PretrainedModel model, long @Nullable [] keys) {
        try (Scope scope = Scope.open()) {
            Tokens read = Tokens.of(new int[] {3, 9, 14, 5, 8, 11, 2}, new int[7], new int[] {4, 3}, keys);
            Tokens written = Tokens.of(new int[] {5, 12, 8, 5, 20}, new int[5], new int[] {3, 2}, keys);
            EncoderDecoder writer = (EncoderDecoder) model;
            CrossLayout across = CrossLayout.of(written.layout(), read.layout());
            return writer.forward(written, writer.encode(read), across, Tensor.ofInts(new int[] {0, 2, 4}))
                    .toFloats();
        }
    }

    private static Set<String> layers(Lora lora) {
        Set<String> layers = new TreeSet<>();
        for (String name : lora.trained().keySet()) {
            int end = name.indexOf(".lora_A.");
            if (end >= 0) layers.add(name.substring("base_model.model.".length(), end));
        }
        return layers;
    }
}
