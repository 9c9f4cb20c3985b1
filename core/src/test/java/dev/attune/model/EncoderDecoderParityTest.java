package dev.attune.model;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Families that read one text and write another, below all heads that they have, against transformers. */
class EncoderDecoderParityTest {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t5-write-a",
                "t5-write-b",
                "t5-write-c",
                "mt5-write-a",
                "bart-write-a",
                "bart-write-b",
                "mbart-write-a",
                "mbart-write-b"
            })
    void whatIsWritten(String name) {
        HeadGolden.written(folder(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t5-sequence-a",
                "t5-sequence-b",
                "mt5-sequence-a",
                "bart-sequence-a",
                "bart-sequence-b",
                "mbart-sequence-a"
            })
    void textClassification(String name) {
        HeadGolden.sequences(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-tokens-a", "t5-tokens-b"})
    void tokenClassification(String name) {
        HeadGolden.tokens(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-question-a", "t5-question-b", "bart-question-a", "bart-question-b", "mbart-question-b"})
    void questionAnswering(String name) {
        HeadGolden.questions(folder(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5-features-a", "mt5-features-a", "bart-features-b", "mbart-features-a"})
    void features(String name) {
        HeadGolden.features(folder(name));
    }

    @ParameterizedTest
    @CsvSource({
        "t5-write-a, SEQUENCE_TO_SEQUENCE",
        "t5-write-b, SEQUENCE_TO_SEQUENCE",
        "t5-write-c, SEQUENCE_TO_SEQUENCE",
        "mt5-write-a, SEQUENCE_TO_SEQUENCE",
        "bart-write-a, SEQUENCE_TO_SEQUENCE",
        "mbart-write-b, SEQUENCE_TO_SEQUENCE",
        "t5-sequence-b, SEQUENCE_CLASSIFICATION",
        "bart-sequence-a, SEQUENCE_CLASSIFICATION",
        "mbart-sequence-a, SEQUENCE_CLASSIFICATION",
        "t5-tokens-a, TOKEN_CLASSIFICATION",
        "t5-question-b, QUESTION_ANSWERING",
        "bart-question-a, QUESTION_ANSWERING",
        "mbart-question-b, QUESTION_ANSWERING",
        "t5-features-a, BACKBONE",
        "mt5-features-a, HIDDEN_STATES",
        "bart-features-b, BACKBONE",
        "mbart-features-a, HIDDEN_STATES"
    })
    void savedNamesAreThoseOfTransformers(String name, Head head) {
        HeadGolden.savesTheSameNames(folder(name), head, temp);
    }

    private static Path folder(String name) {
        return Golden.path("model/seq2seq/" + name);
    }
}
