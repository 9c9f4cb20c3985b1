package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.metric.EntityMetrics;
import dev.attune.metric.EntityMetrics.Counts;
import dev.attune.model.Golden;
import dev.attune.task.FineTuned;
import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Numbers of Hugging Face and of seqeval, made by {@code parity/make_token_golden.py}. */
class TokenClassificationParityTest {
    private static final Path FOLDER = Golden.path("task/tokenclassification");
    private static final JsonNode GOLDEN = Golden.json(FOLDER.resolve("golden.json"));
    private static final FineTuned MODEL =
            FineTuned.open(FOLDER.resolve("model").toString());

    @Test
    void answersAreThoseOfThePipeline() {
        int compared = 0;
        for (JsonNode run : GOLDEN.get("runs")) {
            TokenAnswers asked = TokenAnswers.builder()
                    .aggregationStrategy(Aggregation.valueOf(
                            run.get("strategy").stringValue().toUpperCase(Locale.ROOT)))
                    .ignoreLabels(strings(run.get("ignore")))
                    .stride(
                            run.get("stride").isNull()
                                    ? null
                                    : run.get("stride").intValue())
                    .build();
            FineTuned model = MODEL.withMaxLength(run.get("limit").intValue());
            try (var pipeline = TokenClassificationPipeline.load(model, asked)) {
                for (int i = 0; i < GOLDEN.get("texts").size(); i++, compared++) {
                    String text = GOLDEN.get("texts").get(i).stringValue();
                    List<Entity> found = pipeline.predict(text);
                    same(asked + " " + text, found, run.get("answers").get(i));
                    for (Entity each : found) {
                        int points = text.substring(0, each.startUtf16()).codePointCount(0, each.startUtf16());
                        assertThat(points).isEqualTo(each.start());
                    }
                }
                for (int i = 0; i < GOLDEN.get("split").size(); i++, compared++) {
                    List<String> words = strings(GOLDEN.get("split").get(i));
                    same(
                            asked + " " + words,
                            pipeline.predict(words),
                            run.get("split").get(i));
                }
            }
        }
        assertThat(compared).isEqualTo((5 + 4) * 2 * 8);
    }

    private static void same(String what, List<Entity> found, JsonNode expected) {
        assertThat(found).as(what).hasSize(expected.size());
        for (int i = 0; i < found.size(); i++) {
            Map<String, Object> entity = found.get(i).toMap();
            JsonNode wanted = expected.get(i);
            assertThat(entity.keySet()).as(what).containsExactlyInAnyOrderElementsOf(wanted.propertyNames());
            for (String key : wanted.propertyNames()) {
                if (key.equals("score"))
                    assertThat((Double) entity.get(key))
                            .as(what)
                            .isCloseTo(wanted.get(key).doubleValue(), within(1e-5));
                else
                    assertThat(String.valueOf(entity.get(key)))
                            .as(what + " " + key)
                            .isEqualTo(wanted.get(key).asString());
            }
        }
    }

    @Test
    void wordsHaveTheTokensOfTheReference() {
        try (Tokenizer tokenizer = Tokenizer.load(FOLDER.resolve("model"))) {
            for (JsonNode each : GOLDEN.get("words")) {
                Encoding found = tokenizer.encodeWords(
                        strings(each.get("words")), each.get("limit").intValue());
                assertThat(found.ids()).isEqualTo(ints(each.get("ids")));
                assertThat(found.wordIds()).isEqualTo(ints(each.get("word_ids")));
            }
        }
    }

    @Test
    void entitiesAreThoseOfSeqeval() {
        assertThat(GOLDEN.get("seqeval").size()).isEqualTo(240);
        for (JsonNode each : GOLDEN.get("seqeval")) {
            EntityMetrics metrics = new EntityMetrics();
            for (int i = 0; i < each.get("truth").size(); i++)
                metrics.add(
                        strings(each.get("truth").get(i)),
                        strings(each.get("predicted").get(i)));
            Map<String, Double> found = metrics.compute();
            for (String key : List.of("precision", "recall", "f1", "accuracy"))
                assertThat(found.get(key))
                        .as(each.toString())
                        .isCloseTo(each.get(key).doubleValue(), within(1e-12));
            JsonNode types = each.get("each");
            List<Counts> counts = new ArrayList<>(metrics.types().values());
            assertThat(counts).hasSize(types.get(0).size());
            for (int t = 0; t < counts.size(); t++) {
                assertThat(counts.get(t).precision())
                        .isCloseTo(types.get(0).get(t).doubleValue(), within(1e-12));
                assertThat(counts.get(t).recall()).isCloseTo(types.get(1).get(t).doubleValue(), within(1e-12));
                assertThat(counts.get(t).f1()).isCloseTo(types.get(2).get(t).doubleValue(), within(1e-12));
                assertThat((double) counts.get(t).support())
                        .isEqualTo(types.get(3).get(t).doubleValue());
            }
        }
    }

    private static List<String> strings(JsonNode node) {
        List<String> strings = new ArrayList<>();
        node.forEach(each -> strings.add(each.stringValue()));
        return strings;
    }

    private static int[] ints(JsonNode node) {
        int[] ints = new int[node.size()];
        for (int i = 0; i < ints.length; i++) ints[i] = node.get(i).intValue();
        return ints;
    }
}
