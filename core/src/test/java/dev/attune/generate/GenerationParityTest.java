package dev.attune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Scores after all processors, and whole texts, are those of transformers. */
class GenerationParityTest {
    private static final int EOS = 1;
    private static final int START = 3;

    @Test
    void scoresAreProcessedAsTheReferenceDoes() {
        JsonNode cases = Golden.json(Golden.path("generate/processors.json"));
        TreeSet<String> keys = new TreeSet<>();
        for (JsonNode each : cases) {
            int[] prompt = Golden.ints(each.get("prompt"));
            GenerationConfig config =
                    config(each.get("config"), each.get("encoder_decoder").booleanValue());
            int[] start = config.isEncoderDecoder() ? new int[] {START} : prompt;
            History history = new History(prompt, start, Lengths.maximum(config, 0, start.length));
            for (int token : Golden.ints(each.get("new"))) history.add(token);
            float[] scores = floats(each.get("scores"));
            for (ScoreProcessor processor : ScoreProcessors.of(config, scores.length, List.of()))
                processor.process(history, scores);

            float[] after = floats(each.get("after"));
            for (int i = 0; i < after.length; i++) {
                if (Float.isInfinite(after[i]))
                    assertThat(scores[i]).as("%s, %s", i, each).isEqualTo(after[i]);
                else {
                    float tolerance = 1e-6f * Math.max(1, Math.abs(after[i]));
                    assertThat(scores[i]).as("%s, %s", i, each).isCloseTo(after[i], within(tolerance));
                }
            }
            if (config.doSample()) {
                float[] drawn = Probabilities.softmax(scores);
                float[] expected = floats(each.get("probabilities"));
                for (int i = 0; i < drawn.length; i++)
                    assertThat(drawn[i]).as("%s, %s", i, each).isCloseTo(expected[i], within(1e-6f));
            }
            keys.addAll(each.get("config").propertyNames());
        }
        assertThat(cases.size()).isGreaterThan(500);
        assertThat(keys)
                .contains(
                        "sequence_bias",
                        "encoder_repetition_penalty",
                        "repetition_penalty",
                        "no_repeat_ngram_size",
                        "encoder_no_repeat_ngram_size",
                        "bad_words_ids",
                        "min_length",
                        "min_new_tokens",
                        "forced_bos_token_id",
                        "forced_eos_token_id",
                        "remove_invalid_values",
                        "exponential_decay_length_penalty",
                        "suppress_tokens",
                        "begin_suppress_tokens",
                        "temperature",
                        "top_h",
                        "top_k",
                        "top_p",
                        "min_p",
                        "typical_p",
                        "epsilon_cutoff",
                        "eta_cutoff",
                        "renormalize_logits");
    }

    @Test
    void textsAreThoseOfTheReference() {
        JsonNode golden = Golden.json(Golden.path("generate/searches.json"));
        TreeSet<Integer> beams = new TreeSet<>();
        for (JsonNode each : golden.get("cases")) {
            String kind = each.get("model").stringValue();
            JsonNode tables = golden.get("tables").get(kind);
            check(each, tables, kind.equals("encoder-decoder"), null);
            beams.add(each.get("config").path("num_beams").asInt(1));
        }
        assertThat(beams).containsExactly(1, 2, 3, 4, 5);
        assertThat(golden.get("cases").size()).isGreaterThan(300);
    }

    @Test
    void stopStringsEndTextsWhereTheReferenceEndsThem() {
        JsonNode golden = Golden.json(Golden.path("generate/stops.json"));
        List<String> pieces = new ArrayList<>();
        golden.get("pieces").forEach(piece -> pieces.add(piece.stringValue()));
        TokenTexts texts = new TokenTexts() {
            @Override
            public int[] encode(String text) {
                throw new AssertionError("nobody asked for the tokens of a text");
            }

            @Override
            public String decode(int[] ids) {
                StringBuilder text = new StringBuilder();
                for (int id : ids) text.append(pieces.get(id));
                return text.toString();
            }
        };
        int stopped = 0;
        for (JsonNode each : golden.get("cases")) {
            for (List<Generated> answer : check(each, golden.get("table"), false, texts)) {
                if (answer.get(0).reason() == FinishReason.STOP_STRING) stopped++;
            }
        }
        assertThat(stopped).isGreaterThan(20);
    }

    private static List<List<Generated>> check(
            JsonNode each, JsonNode tables, boolean encoderDecoder, TokenTexts texts) {
        int[][] prompts = new int[each.get("prompts").size()][];
        for (int i = 0; i < prompts.length; i++)
            prompts[i] = Golden.ints(each.get("prompts").get(i));
        GenerationConfig config = config(each.get("config"), encoderDecoder);
        List<List<Generated>> found;
        try (TableModel model = new TableModel(
                TableModel.table(tables.get(0)),
                TableModel.table(tables.get(1)),
                prompts,
                encoderDecoder ? START : -1)) {
            found = new Generator(config, texts).generate(model, prompts, TokenListener.NONE);
        }
        assertThat(found).hasSameSizeAs(prompts);
        for (int i = 0; i < prompts.length; i++) {
            JsonNode expected = each.get("texts").get(i);
            assertThat(found.get(i)).as("%s", each).hasSize(expected.size());
            for (int s = 0; s < expected.size(); s++) {
                Generated text = found.get(i).get(s);
                assertThat(text.ids())
                        .as("prompt %s, text %s of %s", i, s, each)
                        .containsExactly(Golden.ints(expected.get(s).get("ids")));
                double score = expected.get(s).get("score").doubleValue();
                assertThat(text.score())
                        .as("prompt %s, text %s of %s", i, s, each)
                        .isCloseTo(score, within(1e-5 * Math.max(1, Math.abs(score))));
            }
        }
        return found;
    }

    private static GenerationConfig config(JsonNode keys, boolean encoderDecoder) {
        ObjectNode file = (ObjectNode) keys.deepCopy();
        if (!file.has("eos_token_id")) file.put("eos_token_id", EOS);
        file.put("pad_token_id", 0);
        file.put("decoder_start_token_id", START);
        infinities(file);
        GenerationConfig config = GenerationConfig.of(new GenerationFile("golden", file));
        return encoderDecoder ? config.ofEncoderDecoder(Integer.MAX_VALUE) : config.ofDecoder(Integer.MAX_VALUE);
    }

    /** JSON has no infinity: a number that no float holds is one. */
    private static void infinities(ObjectNode file) {
        for (JsonNode pair : file.path("sequence_bias")) {
            if (pair.get(1).isString())
                ((tools.jackson.databind.node.ArrayNode) pair)
                        .set(1, file.numberNode(new java.math.BigDecimal("-1e999")));
        }
    }

    private static float[] floats(JsonNode numbers) {
        float[] floats = new float[numbers.size()];
        IntStream.range(0, floats.length)
                .forEach(i -> floats[i] = numbers.get(i).isString()
                        ? word(numbers.get(i).stringValue())
                        : (float) numbers.get(i).doubleValue());
        return floats;
    }

    private static float word(String number) {
        return number.startsWith("-") ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }
}
