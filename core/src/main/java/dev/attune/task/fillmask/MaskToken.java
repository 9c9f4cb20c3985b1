package dev.attune.task.fillmask;

import dev.attune.error.CheckpointException;
import dev.attune.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a text for a hidden token.
 *
 * @param text as people write it: {@code [MASK]}
 */
record MaskToken(int id, String text) {
    /** Those of BERT and its relatives, and of RoBERTa and its relatives. */
    private static final List<String> USUAL = List.of("[MASK]", "<mask>");

    /** @throws CheckpointException if the tokenizer has none */
    static MaskToken of(Tokenizer tokenizer) {
        int id = tokenizer
                .maskTokenId()
                .orElseThrow(
                        () -> new CheckpointException(
                                "The tokenizer of the model has no mask token, so nothing can be"
                                        + " hidden from it. Take a model that was trained with one, such as bert-base-uncased."));
        return new MaskToken(id, tokenizer.decode(new int[] {id}, false));
    }

    /** What is wrong with a text that has no mask. */
    String missing(String asked) {
        String other = other(asked);
        return other == null
                ? "the text has no mask. Write " + text + " where a word is to be guessed."
                : "the text has no mask that this model knows: " + other + " belongs to other models, here it is "
                        + text + ". Write " + text + " instead.";
    }

    private @Nullable String other(String asked) {
        for (String usual : USUAL) if (!usual.equals(text) && asked.contains(usual)) return usual;
        return null;
    }

    int count(int[] ids) {
        int count = 0;
        for (int each : ids) if (each == id) count++;
        return count;
    }
}
