package dev.attune.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizer made from a vocabulary of llama2.c. */
class Llama2cVocabularyTest {
    private static final int ANY = Integer.MAX_VALUE;

    @TempDir
    Path temp;

    @Test
    void randomTextsHaveTheIdsOfLlama2c() {
        long seed = System.nanoTime();
        System.out.println("Llama2cVocabularyTest seed " + seed);
        Random random = new Random(seed);
        List<String> parts = List.of(
                "a",
                "a",
                "aa",
                "n",
                "d",
                "th",
                "the",
                "here",
                "ing",
                "er",
                " ",
                " ",
                "  ",
                "\u00e9",
                "e",
                "z",
                "Q",
                "\ud83d\ude00",
                "\u4f60",
                "\u597d",
                ".",
                "\n",
                "\t",
                "<0x41>",
                "\u200d");
        Llama2cVocabularyFixture vocabulary = Llama2cVocabularyFixture.small();
        try (Tokenizer tokenizer = Tokenizer.ofLlama2c(vocabulary.write(temp.resolve("tok.bin")), 64)) {
            for (int i = 0; i < 500; i++) {
                StringBuilder text = new StringBuilder();
                for (int part = random.nextInt(30); part >= 0; part--)
                    text.append(parts.get(random.nextInt(parts.size())));
                int[] expected = vocabulary.encode(text.toString());
                assertThat(tokenizer.encode(text.toString(), null, ANY).ids())
                        .as("\"" + text + "\", seed " + seed)
                        .isEqualTo(expected);
                assertThat(tokenizer.decode(expected, true)).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void savedItIsTheSame() {
        Llama2cVocabularyFixture vocabulary = Llama2cVocabularyFixture.small();
        String text = "  there and   \ud83d\ude00";
        try (Tokenizer tokenizer = Tokenizer.ofLlama2c(vocabulary.write(temp.resolve("tok.bin")), 64)) {
            assertThat(tokenizer.encode("", null, ANY).ids()).containsExactly(1);
            assertThat(tokenizer.token(1)).isEqualTo("<s>");
            assertThat(tokenizer.vocabularySize()).isEqualTo(vocabulary.size());
            tokenizer.save(temp.resolve("saved"));
        }
        try (Tokenizer tokenizer = Tokenizer.load(temp.resolve("saved"))) {
            assertThat(tokenizer.encode(text, null, ANY).ids()).isEqualTo(vocabulary.encode(text));
            assertThat(tokenizer.bosTokenId()).hasValue(1);
            assertThat(tokenizer.eosTokenId()).hasValue(2);
            assertThat(tokenizer.unkTokenId()).hasValue(0);
            assertThat(tokenizer.modelMaxLength()).isEqualTo(64);
            assertThat(tokenizer.decode(new int[] {1, 2, vocabulary.encode("a")[1]}, true))
                    .isEqualTo("a");
        }
    }

    @Test
    void whatIsNoWholeVocabularyIsRefused() throws IOException {
        byte[] good = Llama2cVocabularyFixture.small().bytes();
        refused(new byte[0], "it begins with 0");
        refused(
                Arrays.copyOf(good, good.length - 1),
                "it ends within the token " + (Llama2cVocabularyFixture.small().size() - 1));
        refused(Arrays.copyOf(good, good.length + 5), "it ends within the token");
        refused(with(good, 0, 1 << 20), "it begins with 1048576");
        refused(with(good, 4, Float.floatToIntBits(Float.NaN)), "the score of the token 0 is NaN");
        refused(with(good, 8, 8), "the token 0 has 8 bytes, and the longest should have 7");
        refused(with(good, 8, -1), "the token 0 has -1 bytes");
        refused(Arrays.copyOf(good, 4 + 13), "it has only 1 tokens");
        byte[] other = good.clone();
        other[new String(good, StandardCharsets.ISO_8859_1).indexOf("<0x41>") + 3] = '9';
        refused(other, "the token 68 is not <0x41>");
        byte[] twice = good.clone();
        twice[good.length - 12] = 'b'; // the token before the last one: a full stop
        refused(twice, "twice");
        byte[] broken = good.clone();
        broken[good.length - 1] = 'x';
        refused(broken, "is not UTF-8");
        refused("PK\3\4 a pickle, perhaps".getBytes(StandardCharsets.UTF_8), "it begins with");
        assertThatThrownBy(() -> Tokenizer.ofLlama2c(temp.resolve("gone.bin"), 8))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Cannot read")
                .hasMessageContaining("gone.bin");
    }

    private static byte[] with(byte[] good, int at, int number) {
        byte[] copy = good.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
        return copy;
    }

    private void refused(byte[] content, String part) throws IOException {
        Path file = Files.write(temp.resolve("tok-wrong.bin"), content);
        assertThatThrownBy(() -> Tokenizer.ofLlama2c(file, 8))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tok-wrong.bin is no vocabulary of llama2.c")
                .hasMessageContaining(part);
    }
}
