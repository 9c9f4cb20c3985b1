package dev.attune.text;

import dev.attune.fuzz.FuzzTarget;
import java.nio.file.Path;
import java.util.List;

/** {@code tok512.bin} and its like. */
public final class Llama2cVocabularyFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "llama2c-vocabulary";
    }

    @Override
    public String file() {
        return "tok.bin";
    }

    @Override
    public List<byte[]> seeds() {
        // Inputs are cut at 4,096 bytes, and 256 of the tokens have to be there.
        List<String> words = List.of("he", "th", "the", " the", "aa", "a", "e", "h", "t", " ", "\u00e9");
        return List.of(new Llama2cVocabularyFixture(words).bytes());
    }

    @Override
    public List<String> words() {
        return List.of(
                "<0x00>",
                "<unk>",
                "\n<s>\n",
                "<s>",
                "\u2581",
                "\u0001\0\0\0a",
                "\0\0\0\0\u0002\0\0\0ab",
                "\0\0\u0080\u00ff");
    }

    @Override
    public void read(Path file) {
        try (Tokenizer tokenizer = Tokenizer.ofLlama2c(file, 16)) {
            int[] ids = tokenizer
                    .encode("Hello  the\u00e9e \ud83d\ude00 <s>aaaa", null, Integer.MAX_VALUE)
                    .ids();
            tokenizer.decode(ids, false);
            tokenizer.token(tokenizer.highestTokenId());
        }
    }
}
