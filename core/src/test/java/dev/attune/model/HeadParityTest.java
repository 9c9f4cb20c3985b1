package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The heads of token classification, question answering and masked language modelling against transformers. */
class HeadParityTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"tokens-a", "tokens-b"})
    void tokenClassification(String name) {
        HeadGolden.tokens(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"masked-a", "masked-b"})
    void maskedLanguageModelling(String name) {
        HeadGolden.hidden(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"question-a", "question-b"})
    void questionAnswering(String name) {
        HeadGolden.questions(folder(name));
    }

    /** No pooler, and the table of the words once. */
    @ParameterizedTest
    @CsvSource({"tokens-b, TOKEN_CLASSIFICATION", "question-b, QUESTION_ANSWERING", "masked-b, MASKED_LM"})
    void savedNamesAreThoseOfTransformers(String name, Head head) {
        HeadGolden.savesTheSameNames(folder(name), head, temp);
    }

    @Test
    void aLanguageModelThatDoesNotShareItsTableIsRefused() throws Exception {
        Files.writeString(
                temp.resolve("config.json"),
                ModelConfig.read(folder("masked-b"))
                        .with("tie_word_embeddings", false)
                        .toJson());
        Files.copy(folder("masked-b").resolve("model.safetensors"), temp.resolve("model.safetensors"));
        assertThatThrownBy(() -> Models.load(temp, Head.MASKED_LM, UnaryOperator.identity()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tie_word_embeddings is false");
    }

    private static Path folder(String name) {
        return Golden.path("model/heads/" + name);
    }
}
