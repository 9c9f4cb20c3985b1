package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ids, offsets, truncation, windows and decoding of the Python library; made by parity/make_tokenizer_golden.py. */
class TokenizerParityTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static JsonNode golden;

    @TempDir
    Path temp;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = TokenizerParityTest.class.getResourceAsStream("tokenizer-golden.json")) {
            golden = JSON.readTree(in);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-uncased", "bert-cased", "bpe", "unigram"})
    void agreesWithPython(String name) throws IOException {
        JsonNode expected = golden.path("tokenizers").path(name);
        for (String side : List.of("right", "left")) {
            try (Tokenizer tokenizer = Tokenizer.load(folder(name, expected, side))) {
                assertThat(tokenizer.vocabularySize())
                        .isEqualTo(expected.path("vocabularySize").asInt());
                for (JsonNode row : rows(expected.path("cases"), side)) {
                    Encoding actual = tokenizer.encode(text(row, "first"), text(row, "second"), maxLength(row));
                    assertSame(row, actual);
                    TokenIds ids = tokenizer.encodeIds(text(row, "first"), text(row, "second"), maxLength(row));
                    assertThat(ids.ids()).as(row.toString()).isEqualTo(actual.ids());
                    assertThat(ids.typeIds()).isEqualTo(actual.typeIds());
                    assertThat(ids.untruncatedLength()).isEqualTo(actual.untruncatedLength());
                    assertThat(ids.truncated()).isEqualTo(actual.truncated());
                }
                for (JsonNode row : rows(expected.path("windows"), side)) {
                    List<Encoding> actual = tokenizer.encodeWindows(
                            text(row, "first"),
                            text(row, "second"),
                            maxLength(row),
                            row.path("stride").asInt());
                    assertThat(actual)
                            .as(row.toString())
                            .hasSize(row.path("windows").size());
                    for (int i = 0; i < actual.size(); i++) {
                        assertSame(row.path("windows").get(i), actual.get(i));
                        assertThat(actual.get(i).truncated()).isEqualTo(actual.size() > 1);
                    }
                }
                for (JsonNode row : expected.path("decoded")) {
                    int[] ids = ints(row.path("ids"));
                    assertThat(tokenizer.decode(ids, true))
                            .isEqualTo(row.path("text").stringValue());
                    assertThat(tokenizer.decode(ids, false))
                            .isEqualTo(row.path("all").stringValue());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-uncased", "bert-cased", "bpe", "unigram"})
    void encodesManyInOrderAndIsTheSameAfterSaving(String name) throws IOException {
        JsonNode expected = golden.path("tokenizers").path(name);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            texts.add(i + " "
                    + golden.path("texts").get(i % golden.path("texts").size()).stringValue());
        }
        try (Tokenizer tokenizer = Tokenizer.load(folder(name, expected, "right"))) {
            List<Encoding> all = tokenizer.encodeAll(texts, null, 24);
            List<Encoding> pairs = tokenizer.encodeAll(texts, texts, 24);
            List<TokenIds> ids = tokenizer.encodeAllIds(texts, texts, 24);
            tokenizer.save(temp.resolve("saved"));
            try (Tokenizer saved = Tokenizer.load(temp.resolve("saved"))) {
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(all.get(i).ids())
                            .isEqualTo(saved.encode(texts.get(i), null, 24).ids());
                    assertThat(pairs.get(i).ids())
                            .isEqualTo(
                                    saved.encode(texts.get(i), texts.get(i), 24).ids());
                    assertThat(ids.get(i).ids()).isEqualTo(pairs.get(i).ids());
                }
                assertThat(saved.padTokenId()).isEqualTo(tokenizer.padTokenId()).isPresent();
                assertThat(saved.unkTokenId()).isEqualTo(tokenizer.unkTokenId());
                assertThat(saved.clsTokenId()).isEqualTo(tokenizer.clsTokenId());
                assertThat(saved.sepTokenId()).isEqualTo(tokenizer.sepTokenId());
                assertThat(saved.maskTokenId()).isEqualTo(tokenizer.maskTokenId());
                assertThat(saved.vocabularySize()).isEqualTo(tokenizer.vocabularySize());
            }
        }
    }

    private static void assertSame(JsonNode row, Encoding actual) {
        assertThat(actual.ids()).as(row.toString()).isEqualTo(ints(row.path("ids")));
        if (row.has("offsets")) {
            assertThat(actual.typeIds()).as(row.toString()).isEqualTo(ints(row.path("typeIds")));
            assertThat(actual.specialTokensMask()).isEqualTo(ints(row.path("specialTokensMask")));
            assertThat(actual.offsets()).as(row.toString()).isEqualTo(ints(row.path("offsets")));
            assertThat(actual.sequenceIds()).isEqualTo(ints(row.path("sequenceIds")));
            assertThat(actual.untruncatedLength())
                    .isEqualTo(row.path("untruncatedLength").asInt());
        }
    }

    private Path folder(String name, JsonNode expected, String side) throws IOException {
        Path dir = Files.createDirectories(temp.resolve(name + "-" + side));
        boolean lower = !name.equals("bert-cased");
        Files.writeString(
                dir.resolve("tokenizer_config.json"),
                "{\"do_lower_case\": " + lower + ", \"truncation_side\": \"" + side + "\"}");
        if (name.startsWith("bert")) {
            List<String> lines = new ArrayList<>();
            golden.path("vocab").forEach(token -> lines.add(token.stringValue()));
            Files.write(dir.resolve("vocab.txt"), lines);
        } else {
            Files.writeString(
                    dir.resolve("tokenizer.json"), expected.path("tokenizer").toString());
        }
        return dir;
    }

    private static List<JsonNode> rows(JsonNode all, String side) {
        List<JsonNode> some = new ArrayList<>();
        all.forEach(row -> {
            if (row.path("side").stringValue().equals(side)) {
                some.add(row);
            }
        });
        assertThat(some).isNotEmpty();
        return some;
    }

    private static String text(JsonNode row, String key) {
        return row.path(key).isNull()
                ? null
                : golden.path("texts").get(row.path(key).asInt()).stringValue();
    }

    private static int maxLength(JsonNode row) {
        return row.path("maxLength").asInt();
    }

    private static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).asInt();
        }
        return ints;
    }
}
