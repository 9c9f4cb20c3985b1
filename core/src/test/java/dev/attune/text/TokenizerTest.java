package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerTest {
    private static final List<String> VOCAB = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "play", "##ing", "##s", "chess", "is", "fun", "cafe", "!");
    private static final int CLS = 2;
    private static final int SEP = 3;

    @TempDir
    Path dir;

    private Tokenizer bert() throws IOException {
        Files.write(dir.resolve("vocab.txt"), VOCAB);
        return Tokenizer.load(dir);
    }

    @Test
    void encodesWordPieces() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            Encoding encoding = tokenizer.encode("Playing CHESS is fun!", null, 64);
            assertThat(encoding.ids()).containsExactly(CLS, 5, 6, 8, 9, 10, 12, SEP);
            assertThat(encoding.specialTokensMask()).containsExactly(1, 0, 0, 0, 0, 0, 0, 1);
            assertThat(encoding.sequenceIds()).containsExactly(-1, 0, 0, 0, 0, 0, 0, -1);
            assertThat(encoding.offsets()).containsExactly(0, 0, 0, 4, 4, 7, 8, 13, 14, 16, 17, 20, 20, 21, 0, 0);
            assertThat(encoding.truncated()).isFalse();
            assertThat(tokenizer.decode(encoding.ids(), true)).isEqualTo("playing chess is fun!");
            assertThat(tokenizer.decode(encoding.ids(), false)).isEqualTo("[CLS] playing chess is fun! [SEP]");
            assertThat(tokenizer.encode("plays xyz", null, 64).ids()).containsExactly(CLS, 5, 7, 1, SEP);
        }
    }

    @Test
    void tellsPairsApart() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            Encoding encoding = tokenizer.encode("chess", "fun", 64);
            assertThat(encoding.ids()).containsExactly(CLS, 8, SEP, 10, SEP);
            assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 1, 1);
            assertThat(encoding.sequenceIds()).containsExactly(-1, 0, -1, 1, -1);
        }
    }

    @Test
    void countsOffsetsInUtf16Units() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            String text = "😀 Café 😀😀 fun";
            Encoding encoding = tokenizer.encode(text, "😀 chess", 64);
            assertThat(encoding.ids()).containsExactly(CLS, 1, 11, 1, 10, SEP, 1, 8, SEP);
            assertThat(text.substring(encoding.start(2), encoding.end(2))).isEqualTo("Café");
            assertThat(text.substring(encoding.start(3), encoding.end(3))).isEqualTo("😀😀");
            assertThat(text.substring(encoding.start(4), encoding.end(4))).isEqualTo("fun");
            assertThat("😀 chess".substring(encoding.start(7), encoding.end(7))).isEqualTo("chess");
        }
    }

    @Test
    void takesBrokenText() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            String broken = "chess " + "😀".charAt(1) + "\0 fun";
            Encoding encoding = tokenizer.encode(broken, null, 64);
            assertThat(encoding.ids()).containsExactly(CLS, 8, 10, SEP);
            assertThat(broken.substring(encoding.start(2), encoding.end(2))).isEqualTo("fun");
        }
    }

    @Test
    void saysWhenItCut() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            Encoding encoding = tokenizer.encode("playing chess is fun", null, 4);
            assertThat(encoding.ids()).containsExactly(CLS, 5, 6, SEP);
            assertThat(encoding.untruncatedLength()).isEqualTo(7);
            assertThat(encoding.truncated()).isTrue();
            assertThatThrownBy(() -> tokenizer.encode("chess", null, 2))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("The maximum length is 2 tokens, but the special tokens alone are 2. Use at least 3.");
        }
    }

    @Test
    void refusesWindowsWithoutRoom() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            assertThatThrownBy(() -> tokenizer.encodeWindows("chess is fun", "chess", 6, 0))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("The first text has 3 tokens");
            assertThatThrownBy(() -> tokenizer.encodeWindows("chess", "chess is fun fun", 6, 2))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("The stride is 2, but a window has room for 2");
        }
    }

    @Test
    void encodesSomeWithAPair() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            List<Encoding> all = tokenizer.encodeAll(List.of("chess", "fun"), Arrays.asList(null, "is"), 8);
            assertThat(all.get(0).ids()).containsExactly(CLS, 8, SEP);
            assertThat(all.get(1).ids()).containsExactly(CLS, 10, SEP, 9, SEP);
            assertThat(tokenizer.encodeAll(List.of(), null, 8)).isEmpty();
            assertThatThrownBy(() -> tokenizer.encodeAll(Collections.nCopies(500, "chess is fun"), null, 1))
                    .isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void readsSpecialTokensAndLimits() throws IOException {
        Files.writeString(
                dir.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 512, \"mask_token\": {\"content\": \"[MASK]\"}, \"bos_token\": null}");
        Files.writeString(dir.resolve("special_tokens_map.json"), "{\"eos_token\": \"[SEP]\"}");
        try (Tokenizer tokenizer = bert()) {
            assertThat(tokenizer.modelMaxLength()).isEqualTo(512);
            assertThat(tokenizer.vocabularySize()).isEqualTo(VOCAB.size());
            assertThat(tokenizer.padTokenId()).hasValue(0);
            assertThat(tokenizer.unkTokenId()).hasValue(1);
            assertThat(tokenizer.clsTokenId()).hasValue(CLS);
            assertThat(tokenizer.sepTokenId()).hasValue(SEP);
            assertThat(tokenizer.maskTokenId()).hasValue(4);
            assertThat(tokenizer.eosTokenId()).hasValue(SEP);
            assertThat(tokenizer.bosTokenId()).isEmpty();
            assertThat(tokenizer.tokenId("##ing")).hasValue(6);
            assertThat(tokenizer.tokenId("nothing")).isEmpty();
            for (int id = 0; id < VOCAB.size(); id++)
                assertThat(tokenizer.token(id)).isEqualTo(VOCAB.get(id));
            assertThat(tokenizer.token(VOCAB.size())).isEmpty();
            assertThat(tokenizer.token(-1)).isEmpty();
        }
        Files.writeString(
                dir.resolve("tokenizer_config.json"), "{\"model_max_length\": 1000000000000000019884624838656}");
        try (Tokenizer tokenizer = bert()) {
            assertThat(tokenizer.modelMaxLength()).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void dropsTruncationAndPaddingOfTheFile() throws IOException {
        Path vocab = Files.write(dir.resolve("vocab.txt"), VOCAB);
        String json = WordPiece.tokenizerJson(vocab, true)
                .replace(
                        "\"truncation\":null",
                        "\"truncation\":{\"direction\":\"Right\",\"max_length\":4,"
                                + "\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replace(
                        "\"padding\":null",
                        "\"padding\":{\"strategy\":{\"Fixed\":20},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}");
        Files.writeString(dir.resolve("tokenizer.json"), json);
        try (Tokenizer tokenizer = Tokenizer.load(dir)) {
            assertThat(tokenizer.encode("chess is fun !", null, 64).ids()).containsExactly(CLS, 8, 9, 10, 12, SEP);
            tokenizer.save(dir.resolve("saved"));
        }
        String saved = Files.readString(dir.resolve("saved/tokenizer.json"));
        assertThat(saved).contains("\"truncation\":null", "\"padding\":null");
        JsonNode config = JsonMapper.builder().build().readTree(dir.resolve("saved/tokenizer_config.json"));
        assertThat(config.path("tokenizer_class").stringValue()).isEqualTo("BertTokenizer");
        assertThat(config.path("do_lower_case").booleanValue()).isTrue();
        assertThat(config.path("mask_token").stringValue()).isEqualTo("[MASK]");
    }

    /** No name but the final one is used up: a crash leaves the old file, and no other writer is in the way. */
    @Test
    void savedFilesAreThereCompletelyOrNotAtAll() throws IOException {
        Path saved = Files.createDirectories(dir.resolve("saved"));
        Path stranger = Files.writeString(saved.resolve("tokenizer.json.tmp"), "not ours");
        try (Tokenizer tokenizer = bert()) {
            tokenizer.save(saved);
            assertThat(stranger).hasContent("not ours");
            String before = Files.readString(saved.resolve("tokenizer.json"));
            Files.delete(saved.resolve("tokenizer_config.json"));
            Files.createDirectories(saved.resolve("tokenizer_config.json"));
            assertThatThrownBy(() -> tokenizer.save(saved))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(saved.resolve("tokenizer_config.json").toString())
                    .hasMessageContaining("is a directory");
            assertThat(saved.resolve("tokenizer.json")).hasContent(before);
            try (Stream<Path> files = Files.list(saved)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("tokenizer.json", "tokenizer.json.tmp", "tokenizer_config.json");
            }
        }
    }

    @Test
    void keepsCaseForCasedModels() throws IOException {
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        try (Tokenizer tokenizer = bert()) {
            assertThat(tokenizer.encode("Chess chess café", null, 64).ids()).containsExactly(CLS, 1, 8, 1, SEP);
        }
    }

    @Test
    void saysWhatIsMissingOrMalformed() throws IOException {
        assertThatThrownBy(() -> Tokenizer.load(dir))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("No tokenizer in " + dir
                        + ": there is neither tokenizer.json, nor a BERT vocab.txt, nor GPT-2's vocab.json and"
                        + " merges.txt.");
        assertThatThrownBy(() -> Tokenizer.load(dir.resolve("nowhere")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("There is no folder");
        Files.write(dir.resolve("vocab.txt"), List.of("hello", "world"));
        assertThatThrownBy(() -> Tokenizer.load(dir))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has no line [UNK] among its 2 lines");
        for (String bad : List.of(
                "",
                "{\"model\": ",
                "[1]",
                "{\"a\": 1}",
                "{\"model\": {}}",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}}",
                "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"a\", \"vocab\": {\"a\": 2147483647}}}",
                "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"a\", \"vocab\": {\"a\": 0}}, \"decoder\": {\"type\": \"X\"}}",
                "{\"model\": {\"type\": \"WordLevel\", \"unk_token\": \"a\", \"vocab\": {\"a\": 0, \"a\": 1}}}",
                "{\"model\": {\"type\": \"Nonsense\", \"vocab\": {\"a\": 1}}}")) {
            Files.writeString(dir.resolve("tokenizer.json"), bad);
            assertThatThrownBy(() -> Tokenizer.load(dir))
                    .as(bad)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tokenizer.json");
        }
    }

    @Test
    void fingerprintIsThatOfTheIds(@TempDir Path saved, @TempDir Path other) throws IOException {
        try (Tokenizer tokenizer = bert()) {
            String fingerprint = tokenizer.fingerprint();
            assertThat(fingerprint).matches("[0-9a-f]{64}");
            tokenizer.save(saved);
            try (Tokenizer again = Tokenizer.load(saved)) {
                assertThat(again.fingerprint()).isEqualTo(fingerprint);
            }
            Files.writeString(saved.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
            try (Tokenizer left = Tokenizer.load(saved)) {
                assertThat(left.fingerprint()).isNotEqualTo(fingerprint);
            }
            List<String> more = new java.util.ArrayList<>(VOCAB);
            more.add("more");
            Files.write(other.resolve("vocab.txt"), more);
            try (Tokenizer larger = Tokenizer.load(other)) {
                assertThat(larger.fingerprint()).isNotEqualTo(fingerprint);
            }
        }
    }

    @Test
    void idsAloneAreTheSame() throws IOException {
        try (Tokenizer tokenizer = bert()) {
            TokenIds ids = tokenizer.encodeIds("chess is fun\u0000", "plays", 5);
            Encoding encoding = tokenizer.encode("chess is fun\u0000", "plays", 5);
            assertThat(ids.ids()).isEqualTo(encoding.ids()).hasSize(5);
            assertThat(ids.typeIds()).isEqualTo(encoding.typeIds()).containsExactly(0, 0, 0, 1, 1);
            assertThat(ids.untruncatedLength())
                    .isEqualTo(encoding.untruncatedLength())
                    .isEqualTo(8);
            assertThat(ids.truncated()).isTrue();
            assertThatThrownBy(() -> tokenizer.encodeIds("chess", null, 2)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void refusesWorkAfterClose() throws IOException {
        Tokenizer tokenizer = bert();
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("chess", null, 8)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, true)).isInstanceOf(IllegalStateException.class);
    }
}
