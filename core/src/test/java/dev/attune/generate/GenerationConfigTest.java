package dev.attune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.config.ArgumentSchema;
import dev.attune.config.ContradictionException;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
    private static final String FILE = "model/generation_config.json";

    private static GenerationConfig read(String json) {
        return GenerationConfig.of(GenerationFile.parse(json.getBytes(StandardCharsets.UTF_8), FILE));
    }

    private static GenerationConfig plain() {
        return GenerationConfig.of(SpecialTokens.NONE);
    }

    private static GenerationArguments arguments(Map<String, Object> values) {
        return ArgumentSchema.of(GenerationArguments.class).create(GenerationArguments.class, values);
    }

    @Test
    void nothingGivenIsTheReferencesDefault() {
        GenerationConfig config = plain();
        assertThat(config.numBeams()).isEqualTo(1);
        assertThat(config.doSample()).isFalse();
        assertThat(config.lengthPenalty()).isEqualTo(1);
        assertThat(config.earlyStopping()).isEqualTo(EarlyStopping.FALSE);
        assertThat(config.numReturnSequences()).isEqualTo(1);
        assertThat(ScoreProcessors.of(config, 50, List.of())).isEmpty();
        assertThat(Lengths.maximum(config, 0, 7)).isEqualTo(27);
        assertThat(Lengths.maximum(config.ofEncoderDecoder(Integer.MAX_VALUE), 0, 1))
                .isEqualTo(21);
        GenerationConfig drawn =
                config.with(GenerationArguments.builder().doSample(true).build());
        assertThat(ScoreProcessors.of(drawn, 50, List.of())).containsExactly(new LikeliestTokens(50));
    }

    @Test
    void theFileIsRead() {
        String json = """
                {"_from_model_config": true, "decoder_start_token_id": 2, "early_stopping": "never", "eos_token_id": [2, 5],
                 "pad_token_id": -1, "bos_token_id": 0, "num_beams": 4, "length_penalty": 2.50, "forced_eos_token_id": 2,
                 "suppress_tokens": [7, 8], "exponential_decay_length_penalty": [3, 1.25], "bad_words_ids": [[4], [5, 6]],
                 "sequence_bias": [[[1, 2], -2.5], [[1, 2], 3]], "stop_strings": "END", "top_k": null, "use_cache": true,
                 "some_new_key": {"a": [1.10]}}
                """;
        GenerationConfig config = read(json);
        assertThat(config.tokens())
                .isEqualTo(new SpecialTokens(OptionalInt.of(0), List.of(2, 5), OptionalInt.empty(), OptionalInt.of(2)));
        assertThat(config.earlyStopping()).isEqualTo(EarlyStopping.NEVER);
        assertThat(config.lengthPenalty()).isEqualTo(2.5);
        assertThat(config.arguments().forcedEosTokenId()).containsExactly("2");
        assertThat(config.arguments().suppressTokens()).containsExactly("7", "8");
        assertThat(config.arguments().decay()).isEqualTo(new ExponentialDecay(3, 1.25));
        assertThat(config.arguments().stopStrings()).containsExactly("END");
        assertThat(config.arguments().topK()).isNull();
        assertThat(config.badWords()).containsExactly(List.of(4), List.of(5, 6));
        assertThat(config.sequenceBias()).isEqualTo(Map.of(List.of(1, 2), 3f));
    }

    @Test
    void anOldConfigJsonTellsWhereNoFileDoes() {
        GenerationConfig config = ofOld("""
                {"model_type": "bart", "d_model": 16, "num_beams": 4, "max_length": 142, "eos_token_id": 2, "bos_token_id": null,
                 "decoder": {"pad_token_id": 9, "eos_token_id": 77}}
                """);
        assertThat(config.numBeams()).isEqualTo(4);
        assertThat(config.arguments().maxLength()).isEqualTo(142);
        assertThat(config.tokens())
                .isEqualTo(new SpecialTokens(OptionalInt.empty(), List.of(2), OptionalInt.of(9), OptionalInt.empty()));
        assertThatThrownBy(() -> ofOld("{\"num_beams\": 0}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json: num_beams is 0, but must be a whole number, at least 1");
    }

    private static GenerationConfig ofOld(String json) {
        return GenerationConfig.of(GenerationFile.parse(json.getBytes(StandardCharsets.UTF_8), "config.json")
                .onlyGeneration());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"temperature\": 0}|temperature is 0.0, but must be a number, greater than 0",
                "{\"num_beams\": 0}|num_beams is 0, but must be a whole number, at least 1",
                "{\"top_p\": 2}|top_p is 2.0, but must be a number from 0 to 1",
                "{\"top_k\": 2.5}|top_k is \"2.5\", but must be a whole number",
                "{\"do_sample\": 3}|do_sample is \"3\", but must be true or false",
                "{\"early_stopping\": \"nevr\"}|Did you mean \"never\"?",
                "{\"eos_token_id\": \"x\"}|eos_token_id is \"x\", but must be the number of a token",
                "{\"max_length\": {\"a\": 1}}|max_length is {\"a\":1}, but must be a whole number",
                "{\"bad_words_ids\": [[]]}|bad_words_ids is [[]], but must be lists of tokens, none of them empty",
                "{\"sequence_bias\": [[[1], \"x\"]]}|but must be pairs of a list of tokens and a number",
                "{\"exponential_decay_length_penalty\": [1]}|but two numbers were expected",
                "{\"num_beams\": 2, \"num_return_sequences\": 3}|Raise num_beams",
                "{\"num_return_sequences\": 3}|there is one likeliest text",
                "[]|is not a JSON object",
                "{|is not valid JSON",
            })
    void aWrongValueNamesFileAndKey(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(FILE)
                .hasMessageContaining(message);
    }

    @Test
    void whatIsAskedForIsChecked() {
        assertThatThrownBy(() -> arguments(Map.of("temperature", 0.0)))
                .isInstanceOf(ContradictionException.class)
                .hasMessageContaining("temperature is 0.0, but must be a number, greater than 0");
        assertThatThrownBy(() -> arguments(Map.of("num_beams", 0, "top_p", 2.0)))
                .hasMessageContaining("num_beams is 0, but must be a whole number, at least 1")
                .hasMessageContaining("top_p is 2.0, but must be a number from 0 to 1");
        assertThatThrownBy(() -> arguments(Map.of("min_length", 30, "generation_max_length", 20)))
                .hasMessageContaining(
                        "min_length is 30, but generation_max_length is 20. Lower the first, or raise the second.");
        assertThatThrownBy(() -> arguments(Map.of("suppress_tokens", List.of("2", "x"))))
                .hasMessageContaining("suppress_tokens has \"x\"");
        assertThatThrownBy(() -> arguments(Map.of("suppress_tokens", List.of("2"), "forced_bos_token_id", 2)))
                .hasMessageContaining("no token would be left");
        assertThat(arguments(Map.of("stop_strings", List.of("\n"))).stopStrings())
                .containsExactly("\n");
    }

    @Test
    void keysWithoutEffectAreRefused() {
        GenerationArguments warm =
                GenerationArguments.builder().temperature(0.7).build();
        assertThatThrownBy(() -> plain().with(warm))
                .isInstanceOf(ContradictionException.class)
                .hasMessage(
                        "temperature is 0.7, but do_sample is false: no token is drawn. Give do_sample: true, or delete"
                                + " temperature.");
        assertThatThrownBy(() -> plain().with(
                                GenerationArguments.builder().lengthPenalty(2.0).build()))
                .hasMessageContaining("num_beams is 1");
        assertThatThrownBy(() -> plain().with(GenerationArguments.builder()
                        .numReturnSequences(2)
                        .build()))
                .hasMessageContaining("there is one likeliest text");
        GenerationConfig drawing =
                plain().with(GenerationArguments.builder().doSample(true).build());
        assertThat(drawing.with(warm).arguments().temperature()).isEqualTo(0.7);
    }

    @Test
    void whatIsAskedForComesBeforeTheFile() {
        GenerationConfig config =
                read("{\"max_new_tokens\": 30, \"min_length\": 56, \"num_beams\": 4, \"max_time\": 5}");
        assertThat(Lengths.maximum(config, 0, 9)).isEqualTo(39);
        GenerationConfig asked = config.with(
                GenerationArguments.builder().maxLength(20).numBeams(1).build());
        assertThat(Lengths.maximum(asked, 0, 9)).isEqualTo(20);
        assertThat(asked.arguments().minLength()).isEqualTo(20);
        assertThat(asked.arguments().maxTime()).isEqualTo(5);
        assertThat(asked.numBeams()).isEqualTo(1);
        GenerationConfig both = config.with(
                GenerationArguments.builder().maxLength(20).maxNewTokens(2).build());
        assertThat(Lengths.maximum(both, 0, 9)).isEqualTo(11);
    }

    @Test
    void lengthsHaveToLeaveRoom() {
        GenerationConfig config =
                plain().with(GenerationArguments.builder().maxLength(5).build());
        assertThat(Lengths.maximum(config, 0, 4)).isEqualTo(5);
        assertThatThrownBy(() -> Lengths.maximum(config, 2, 5))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "generation_max_length is 5, but prompt 3 alone has 5 tokens, which count. Raise it, or give"
                                + " max_new_tokens instead.");
        GenerationConfig small = plain().ofDecoder(16);
        assertThat(Lengths.maximum(small, 0, 10)).isEqualTo(16);
        GenerationConfig many = small.with(
                GenerationArguments.builder().maxNewTokens(Integer.MAX_VALUE).build());
        assertThat(Lengths.maximum(many, 0, 10)).isEqualTo(16);
        assertThatThrownBy(() -> Lengths.maximum(small, 4, 16))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Prompt 5 has 16 tokens, but the model takes 16")
                .hasMessageContaining("Shorten the prompt");
    }

    @Test
    void anEncoderDecoderNeedsAStart() {
        assertThatThrownBy(() -> plain().ofEncoderDecoder(9).decoderStart())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("decoder_start_token_id");
        SpecialTokens bos = new SpecialTokens(OptionalInt.of(4), List.of(), OptionalInt.empty(), OptionalInt.empty());
        assertThat(GenerationConfig.of(bos).decoderStart()).isEqualTo(4);
    }

    @Test
    void aTokenThatTheModelHasNotIsNamed() {
        GenerationConfig words = read("{\"bad_words_ids\": [[3, 50]]}");
        assertThatThrownBy(() -> ScoreProcessors.of(words, 50, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("bad_words_ids names token 50, but the model has tokens 0 to 49 only.");
        GenerationConfig forced =
                plain().with(GenerationArguments.builder().forcedBosTokenId(50).build());
        assertThatThrownBy(() -> ScoreProcessors.of(forced, 50, List.of()))
                .hasMessage("forced_bos_token_id is 50, but the model has tokens 0 to 49 only.");
    }
}
