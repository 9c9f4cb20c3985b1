package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Families whose tokens see only those before them, below the heads of four tasks, against transformers. */
class DecoderParityTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-sequence-a",
                "gpt2-sequence-b",
                "llama-sequence-a",
                "mistral-sequence-a",
                "qwen3-sequence-a"
            })
    void textClassification(String name) {
        HeadGolden.sequences(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-tokens-a", "gpt2-tokens-b", "llama-tokens-b", "qwen2-tokens-a", "qwen3-tokens-b"})
    void tokenClassification(String name) {
        HeadGolden.tokens(folder(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-question-a",
                "gpt2-question-b",
                "llama-question-b",
                "mistral-question-a",
                "qwen2-question-b"
            })
    void questionAnswering(String name) {
        HeadGolden.questions(folder(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-causal-a",
                "gpt2-causal-b",
                "llama-causal-a",
                "llama-causal-b",
                "mistral-causal-a",
                "qwen2-causal-a",
                "qwen3-causal-b"
            })
    void whatComesNext(String name) {
        HeadGolden.next(folder(name));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-causal-a, CAUSAL_LM",
        "gpt2-causal-b, CAUSAL_LM",
        "llama-causal-a, CAUSAL_LM",
        "llama-causal-b, CAUSAL_LM",
        "qwen3-causal-b, CAUSAL_LM",
        "gpt2-sequence-b, SEQUENCE_CLASSIFICATION",
        "gpt2-tokens-b, TOKEN_CLASSIFICATION",
        "gpt2-question-b, QUESTION_ANSWERING",
        "llama-sequence-a, SEQUENCE_CLASSIFICATION",
        "llama-question-b, QUESTION_ANSWERING",
        "mistral-question-a, QUESTION_ANSWERING",
        "qwen2-tokens-a, TOKEN_CLASSIFICATION",
        "qwen3-tokens-b, TOKEN_CLASSIFICATION"
    })
    void savedNamesAreThoseOfTransformers(String name, Head head) {
        HeadGolden.savesTheSameNames(folder(name), head, temp);
    }

    /** transformers does not classify a batch without one. */
    @Test
    void aClassifierIsSavedWithAPaddingToken() {
        ModelConfig unpadded = ModelConfig.read(folder("gpt2-sequence-a")).without("pad_token_id");
        try (Scope scope = Scope.open();
                PretrainedModel model = Gpt2.forSequenceClassification(unpadded)) {
            assertThat(model.config().integer("pad_token_id", -1)).isEqualTo(50256);
            assertThat(model.config().notes())
                    .containsExactly("config.json has no pad_token_id; 50256, the end of a text, was put in, because"
                            + " transformers asks for one.");
        }
    }

    @Test
    void theStackIsTwoTablesAndTheLayers() {
        try (PretrainedModel model = Gpt2.backbone(ModelConfig.read(folder("gpt2-tokens-a")))) {
            assertThat(model.stack()).isEqualTo(new LayerStack(List.of("wte", "wpe"), List.of("h.0", "h.1")));
        }
    }

    @Test
    void whatTheFamilyDoesNotHaveIsRefused() {
        ModelConfig config = ModelConfig.read(folder("gpt2-tokens-a"));
        assertThatThrownBy(() ->
                        Gpt2.backbone(config.with("add_cross_attention", true)).close())
                .hasMessageContaining("add_cross_attention is true");
        assertThatThrownBy(() -> Gpt2.backbone(config.with("n_head", 5)).close())
                .hasMessageContaining("n_embd 24 is not a multiple of n_head 5");
        ModelConfig llama = ModelConfig.read(folder("llama-tokens-b"));
        refused(
                llama.with("num_key_value_heads", 3),
                "num_attention_heads 5 is not a multiple of num_key_value_heads 3");
        refused(llama.with("head_dim", 3), "head_dim is 3, but pairs of numbers are turned, so it has to be even.");
        refused(llama.with("rope_parameters", Map.of("rope_type", "yarn")), "rope_type is \"yarn\"");
        refused(llama.with("layer_types", List.of("full_attention")), "layer_types has 1 entries for 3 layers");
        refused(
                llama.with("layer_types", List.of("full_attention", "chunked_attention", "full_attention")),
                "layer_types has \"chunked_attention\"");
    }

    private static void refused(ModelConfig config, String sentence) {
        assertThatThrownBy(() -> Llama.backbone(config).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(sentence);
    }

    /** Llama 3 has several ends of a text; what language models call the backbone is found below the older name of one head. */
    @Test
    void whatCheckpointsOfLanguageModelsHave() throws Exception {
        ModelConfig config = ModelConfig.read(folder("llama-sequence-a"))
                .without("pad_token_id")
                .with("eos_token_id", List.of(7, 8));
        try (PretrainedModel model = Llama.forSequenceClassification(config)) {
            assertThat(model.config().integer("pad_token_id", -1)).isEqualTo(7);
        }
        ModelConfig labels = ModelConfig.read(folder("llama-tokens-b"));
        Files.writeString(temp.resolve("config.json"), labels.toJson());
        Files.copy(folder("llama-tokens-b").resolve("model.safetensors"), temp.resolve("model.safetensors"));
        LoadedModel loaded = Models.load(temp, Head.QUESTION_ANSWERING, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.untrained()).containsExactly("qa_outputs.weight", "qa_outputs.bias");
            assertThat(loaded.notes()).isEmpty();
            assertThat(model.parameters()).containsKey("transformer.layers.0.self_attn.q_proj.weight");
        }
    }

    private static Path folder(String name) {
        return Golden.path("model/decoders/" + name);
    }
}
