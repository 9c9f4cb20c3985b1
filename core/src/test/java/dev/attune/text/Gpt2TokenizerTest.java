package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.model.Golden;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The tokenizer made from vocab.json and merges.txt. */
class Gpt2TokenizerTest {
    private static final Path DATA = Path.of("..", "..", "shared", "data");
    private static final int[][] RANGES = {
        {0x20, 0x7E},
        {0xA1, 0x17F},
        {0x370, 0x3FF},
        {0x400, 0x45F},
        {0x5D0, 0x5EA},
        {0x620, 0x64A},
        {0x905, 0x939},
        {0xE01, 0xE30},
        {0x3041, 0x3096},
        {0x4E00, 0x4FFF},
        {0xAC00, 0xAD00},
        {0x1F600, 0x1F64F}
    };
    private static final String[] BETWEEN = {"", " ", "  ", "'s ", "\t", ", "};

    @TempDir
    Path temp;

    private long state = 1;

    @Test
    void tenThousandLinesHaveTheIdsThatPythonGivesThem() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(DATA.resolve("gpt2-tokenizer")), "no GPT-2 tokenizer in " + DATA);
        JsonNode golden = Golden.json(Golden.path("text/gpt2-golden.json"));
        List<String> lines = lines();
        assertThat(lines).hasSize(golden.get("lines").intValue()).hasSize(10_000);
        try (Tokenizer tokenizer = Tokenizer.load(DATA.resolve("gpt2-tokenizer"))) {
            long tokens = 0;
            for (int part = 0; part < golden.get("sha256").size(); part++) {
                MessageDigest digest = digest();
                for (String line : lines.subList(500 * part, 500 * (part + 1))) {
                    int[] ids = tokenizer.encode(line, null, Integer.MAX_VALUE).ids();
                    tokens += ids.length;
                    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length + 4).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asIntBuffer().put(ids).put(-1);
                    digest.update(bytes.array());
                }
                assertThat(HexFormat.of().formatHex(digest.digest()))
                        .as("lines from " + 500 * part)
                        .isEqualTo(golden.get("sha256").get(part).stringValue());
            }
            assertThat(tokens).isEqualTo(golden.get("tokens").longValue());
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        Files.readString(DATA.resolve("tatoeba-eng-ara/ara.txt"))
                .lines()
                .limit(2000)
                .forEach(line -> lines.addAll(Arrays.asList(line.split("\t")).subList(0, 2)));
        for (String language : List.of("en", "ar")) {
            List<String> found = new ArrayList<>();
            JsonNode articles = Golden.json(DATA.resolve("xquad/xquad." + language + ".json"))
                    .get("data");
            for (JsonNode article : articles) {
                for (JsonNode paragraph : article.get("paragraphs")) {
                    found.add(paragraph.get("context").stringValue());
                    paragraph
                            .get("qas")
                            .forEach(qa -> found.add(qa.get("question").stringValue()));
                }
            }
            lines.addAll(found.subList(0, 1000));
        }
        for (int i = 0; i < 4000; i++) lines.add(madeUp());
        return lines;
    }

    private String madeUp() {
        StringBuilder text = new StringBuilder();
        int words = 1 + draw(12);
        for (int word = 0; word < words; word++) {
            int[] range = RANGES[draw(RANGES.length)];
            int length = 1 + draw(6);
            for (int i = 0; i < length; i++) text.appendCodePoint(range[0] + draw(range[1] - range[0] + 1));
            text.append(BETWEEN[draw(BETWEEN.length)]);
        }
        return text.toString();
    }

    private int draw(int limit) {
        state = state * 6364136223846793005L + 1442695040888963407L;
        return (int) ((state >>> 33) % limit);
    }

    private Path tiny(String vocab, String merges) throws IOException {
        Files.writeString(temp.resolve("vocab.json"), vocab);
        Files.writeString(temp.resolve("merges.txt"), merges);
        return temp;
    }

    private static final String VOCAB =
            "{\"a\": 0, \"b\": 1, \"\u0120\": 2, \"ab\": 3, \"\u0120ab\": 4, \"<|endoftext|>\": 5}";

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path copy = Files.createDirectory(temp.resolve("copy"));
        try (Tokenizer tokenizer = Tokenizer.load(tiny(VOCAB, "#version: 0.2\na b\n\u0120 ab\n"))) {
            assertThat(tokenizer.encode("ab abba", null, 64).ids()).containsExactly(3, 4, 1, 0);
            assertThat(tokenizer.eosTokenId()).hasValue(5);
            assertThat(tokenizer.bosTokenId()).hasValue(5);
            assertThat(tokenizer.padTokenId()).isEmpty();
            assertThat(tokenizer.encode("a<|endoftext|>b", null, 64).ids()).containsExactly(0, 5, 1);
            tokenizer.save(copy);
        }
        JsonNode config = Golden.json(copy.resolve("tokenizer_config.json"));
        assertThat(config.get("tokenizer_class").stringValue()).isEqualTo("GPT2Tokenizer");
        assertThat(config.get("eos_token").stringValue()).isEqualTo("<|endoftext|>");
        try (Tokenizer tokenizer = Tokenizer.load(copy)) {
            assertThat(tokenizer.encode("ab abba", null, 64).ids()).containsExactly(3, 4, 1, 0);
            assertThat(tokenizer.eosTokenId()).hasValue(5);
        }
    }

    @Test
    void saysWhatIsNoGpt2() throws IOException {
        refused(
                "{\"a\": 0}",
                "a b\n",
                "vocab.json has no token <|endoftext|>, so it is not the vocabulary of a GPT-2.");
        refused("[1]", "a b\n", "vocab.json has no token <|endoftext|>");
        refused("{\"a\"", "a b\n", "vocab.json is not valid JSON");
        refused(VOCAB, "a b\nab\n", "merges.txt line 2 is \"ab\", expected two tokens with a space between.");
        refused(VOCAB, "a b c\n", "merges.txt line 1 is \"a b c\"");
        refused(VOCAB, "a x\n", "Token `x` out of vocabulary");
    }

    private void refused(String vocab, String merges, String sentence) throws IOException {
        Path folder = tiny(vocab, merges);
        assertThatThrownBy(() -> Tokenizer.load(folder).close())
                .as(vocab + " " + merges)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(sentence);
    }
}
