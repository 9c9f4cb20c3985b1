package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Families whose tokens see only those before them, below the heads of three tasks, against transformers. */
class DecoderParityTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-sequence-a", "gpt2-sequence-b"})
    void textClassification(String name) {
        HeadGolden.sequences(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-tokens-a", "gpt2-tokens-b"})
    void tokenClassification(String name) {
        HeadGolden.tokens(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-question-a", "gpt2-question-b"})
    void questionAnswering(String name) {
        HeadGolden.questions(folder(name));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-sequence-b, SEQUENCE_CLASSIFICATION",
        "gpt2-tokens-b, TOKEN_CLASSIFICATION",
        "gpt2-question-b, QUESTION_ANSWERING"
    })
    void savedNamesAreThoseOfTransformers(String name, Head head) {
        HeadGolden.savesTheSameNames(folder(name), head, temp);
    }

    /** transformers does not classify a batch without one. */
    @Test
    void aClassifierIsSavedWithAPaddingToken() {
        ModelConfig unpadded = ModelConfig.read(folder("gpt2-sequence-a")).without("pad_token_id");
        try (Scope scope = Scope.open();
                PretrainedModel model = new Gpt2.ForSequenceClassification(unpadded)) {
            assertThat(model.config().integer("pad_token_id", -1)).isEqualTo(50256);
            assertThat(model.config().notes())
                    .containsExactly("config.json has no pad_token_id; 50256, the end of a text, was put in, because"
                            + " transformers asks for one.");
        }
    }

    @Test
    void theStackIsTwoTablesAndTheLayers() {
        try (PretrainedModel model = new Gpt2(ModelConfig.read(folder("gpt2-tokens-a")))) {
            assertThat(model.stack()).isEqualTo(new LayerStack(List.of("wte", "wpe"), List.of("h.0", "h.1")));
        }
    }

    @Test
    void whatTheFamilyDoesNotHaveIsRefused() {
        ModelConfig config = ModelConfig.read(folder("gpt2-tokens-a"));
        assertThatThrownBy(() -> new Gpt2(config.with("add_cross_attention", true)).close())
                .hasMessageContaining("add_cross_attention is true");
        assertThatThrownBy(() -> new Gpt2(config.with("n_head", 5)).close())
                .hasMessageContaining("n_embd 24 is not a multiple of n_head 5");
    }

    private static Path folder(String name) {
        return Golden.path("model/decoders/" + name);
    }
}
