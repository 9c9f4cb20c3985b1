package dev.attune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.LeakExtension;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What models of each family write, token for token; made by {@code parity/make_model_generation_golden.py}. */
@ExtendWith(LeakExtension.class)
class ModelGenerationParityTest {
    static Stream<String> models() {
        List<String> models = new ArrayList<>();
        for (JsonNode each : cases()) models.add(each.get("model").stringValue());
        return models.stream().distinct();
    }

    private static JsonNode cases() {
        return Golden.json(Golden.path("generate/models.json")).get("cases");
    }

    @ParameterizedTest
    @MethodSource("models")
    void writesWhatTheReferenceWrites(String folder) {
        boolean reads = folder.startsWith("task/language");
        Path path = Golden.path(folder);
        Head head = reads ? Head.SEQUENCE_TO_SEQUENCE : Head.CAUSAL_LM;
        try (PretrainedModel model =
                Models.load(path, head, UnaryOperator.identity()).model()) {
            model.train(false);
            int words = model.config().integer("vocab_size", 0);
            for (JsonNode each : cases()) {
                if (!each.get("model").stringValue().equals(folder)) continue;
                int[][] prompts = new int[each.get("prompts").size()][];
                for (int i = 0; i < prompts.length; i++)
                    prompts[i] = Golden.ints(each.get("prompts").get(i));
                int eos = reads ? model.config().integer("eos_token_id", -1) : 7;
                SpecialTokens tokens = new SpecialTokens(
                        OptionalInt.empty(),
                        List.of(eos),
                        OptionalInt.of(0),
                        OptionalInt.of(model.config().integer("decoder_start_token_id", 0)));
                GenerationConfig config = GenerationConfig.of(tokens);
                config = reads ? config.ofEncoderDecoder(1000) : config.ofDecoder(1000);
                config = config.with(arguments(each.get("arguments")));
                try (Continuation begun = reads
                        ? new EncoderDecoderContinuation(
                                (EncoderDecoder) model, words, prompts, config.decoderStart(), DType.FLOAT32)
                        : new DecoderContinuation((LanguageModel) model, words, prompts, DType.FLOAT32)) {
                    compare(new Generator(config, null).generate(begun, prompts, TokenListener.NONE), each);
                }
            }
        }
    }

    private static GenerationArguments arguments(JsonNode asked) {
        GenerationArgumentsBuilder builder = GenerationArguments.builder();
        if (asked.has("max_new_tokens"))
            builder.maxNewTokens(asked.get("max_new_tokens").intValue());
        if (asked.has("num_beams")) builder.numBeams(asked.get("num_beams").intValue());
        if (asked.has("num_return_sequences"))
            builder.numReturnSequences(asked.get("num_return_sequences").intValue());
        if (asked.has("length_penalty"))
            builder.lengthPenalty(asked.get("length_penalty").doubleValue());
        if (asked.has("early_stopping")) builder.earlyStopping(EarlyStopping.TRUE);
        if (asked.has("repetition_penalty"))
            builder.repetitionPenalty(asked.get("repetition_penalty").doubleValue());
        if (asked.has("no_repeat_ngram_size"))
            builder.noRepeatNgramSize(asked.get("no_repeat_ngram_size").intValue());
        return builder.build();
    }

    private static void compare(List<List<Generated>> found, JsonNode expected) {
        for (int i = 0; i < found.size(); i++) {
            JsonNode answer = expected.get("answers").get(i);
            assertThat(found.get(i)).hasSize(answer.get("texts").size());
            for (int s = 0; s < found.get(i).size(); s++) {
                Generated text = found.get(i).get(s);
                assertThat(text.ids())
                        .as("prompt %d, text %d, %s", i, s, expected.get("arguments"))
                        .isEqualTo(Golden.ints(answer.get("texts").get(s)));
                if (answer.get("scores").isNull()) continue;
                assertThat(text.score()).isCloseTo(answer.get("scores").get(s).doubleValue(), within(1e-4));
            }
        }
    }
}
