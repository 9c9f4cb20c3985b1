package dev.attune.model;

import dev.attune.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Makes the folder of a random BERT so small that a whole run takes a fraction of a second. */
public final class TinyModel {
    /** Words that the tokenizer knows. */
    public static final List<String> WORDS = List.of(
            "good", "great", "nice", "bad", "awful", "poor", "the", "film", "was", "very", "food", "not", "and");

    private TinyModel() {}

    /** A backbone without head, with dropout. */
    public static Path make(Path directory) {
        return make(directory, 0.1);
    }

    /** A backbone without head; names in its file have no prefix. */
    public static Path make(Path directory, double dropout) {
        try {
            Files.createDirectories(directory);
            writeVocabulary(directory, WORDS);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        try (Bert model = Bert.backbone(config(dropout))) {
            Rng.seed(7);
            model.initialise();
            model.save(directory);
        }
        return directory;
    }

    /** Special tokens, letters, letters inside a word, and these words. */
    public static void writeVocabulary(Path directory, List<String> words) throws IOException {
        StringBuilder text = new StringBuilder("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");
        for (char c = 'a'; c <= 'z'; c++)
            text.append(c).append('\n').append("##").append(c).append('\n');
        words.forEach(word -> text.append(word).append('\n'));
        Files.writeString(directory.resolve("vocab.txt"), text);
    }

    /** The config with as many word embeddings as the vocabulary has lines. */
    public static ModelConfig config(double dropout) {
        return ModelConfig.parse(String.format(Locale.ROOT, """
                {"model_type": "bert", "vocab_size": %d, "hidden_size": 16, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "intermediate_size": 32, "hidden_act": "gelu",
                 "max_position_embeddings": 48, "type_vocab_size": 2, "initializer_range": 0.2,
                 "hidden_dropout_prob": %s, "attention_probs_dropout_prob": %s, "pad_token_id": 0,
                 "attune_test_key": {"kept": [1, 2.50]}}
                """, 5 + 52 + WORDS.size(), dropout, dropout));
    }
}
