package dev.attune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.LeakExtension;
import dev.attune.error.ConfigException;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Models without a generation_config.json, whose config.json leaves keys out; made by {@code
 * parity/make_generation_defaults_golden.py}.
 */
@ExtendWith(LeakExtension.class)
class GenerationDefaultsParityTest {
    @TempDir
    Path folder;

    static List<JsonNode> cases() {
        return Golden.json(Golden.path("generate/defaults.json"))
                .get("cases")
                .valueStream()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsInNoFileIsWhatTheReferenceTakes(JsonNode each) throws IOException {
        Path source = Golden.path(each.get("model").stringValue());
        ObjectNode json = (ObjectNode) Golden.json(source.resolve("config.json"));
        each.get("drop").forEach(key -> json.remove(key.stringValue()));
        each.get("set").properties().forEach(entry -> json.set(entry.getKey(), entry.getValue()));
        Files.writeString(folder.resolve("config.json"), JsonMapper.shared().writeValueAsString(json));
        Files.copy(source.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        boolean reads = json.get("architectures").get(0).stringValue().endsWith("ForConditionalGeneration");
        Head head = reads ? Head.SEQUENCE_TO_SEQUENCE : Head.CAUSAL_LM;
        try (PretrainedModel model =
                Models.load(folder, head, UnaryOperator.identity()).model()) {
            model.train(false);
            GenerationConfig own = GenerationConfig.of(model);
            sameTokens(own, each.get("tokens"));
            GenerationConfig config = (reads ? own.ofEncoderDecoder(1000) : own.ofDecoder(1000))
                    .with(GenerationArguments.builder()
                            .maxLength(each.get("length").intValue())
                            .build());
            if (each.get("written").isNull()) {
                assertThatThrownBy(config::decoderStart)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("names neither decoder_start_token_id nor bos_token_id");
                return;
            }
            assertThat(written(model, config, Golden.ints(each.get("prompt"))))
                    .isEqualTo(Golden.ints(each.get("written")));
        }
    }

    private static void sameTokens(GenerationConfig config, JsonNode expected) {
        SpecialTokens tokens = config.tokens();
        JsonNode eos = expected.get("eos_token_id");
        assertThat(tokens)
                .isEqualTo(new SpecialTokens(
                        id(expected, "bos_token_id"),
                        eos.isNull() ? List.of() : List.of(eos.intValue()),
                        id(expected, "pad_token_id"),
                        id(expected, "decoder_start_token_id")));
        JsonNode forced = expected.get("forced_eos_token_id");
        assertThat(config.arguments().forcedEosTokenId())
                .isEqualTo(forced.isNull() ? List.of() : List.of(forced.asString()));
    }

    private static OptionalInt id(JsonNode tokens, String key) {
        return tokens.get(key).isNull()
                ? OptionalInt.empty()
                : OptionalInt.of(tokens.get(key).intValue());
    }

    private static int[] written(PretrainedModel model, GenerationConfig config, int[] prompt) {
        int words = model.config().integer("vocab_size", 0);
        int[][] prompts = {prompt};
        try (Continuation begun = config.isEncoderDecoder()
                ? new EncoderDecoderContinuation(
                        (EncoderDecoder) model, words, prompts, config.decoderStart(), DType.FLOAT32)
                : new DecoderContinuation((LanguageModel) model, words, prompts, DType.FLOAT32)) {
            return new Generator(config, null)
                    .generate(begun, prompts, TokenListener.NONE)
                    .get(0)
                    .get(0)
                    .ids();
        }
    }
}
