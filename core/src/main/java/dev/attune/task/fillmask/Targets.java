package dev.attune.task.fillmask;

import dev.attune.error.ConfigException;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens that a mask may be filled with.
 *
 * @param ids each once; empty for the whole vocabulary
 * @param notes sentences about words that the vocabulary does not have
 */
record Targets(int[] ids, List<String> notes) {
    /** By the rule of the Hugging Face pipeline: the token of that name, else the first token of the text. */
    static Targets of(List<String> words, Tokenizer tokenizer) {
        Set<Integer> ids = new LinkedHashSet<>();
        List<String> notes = new ArrayList<>();
        for (String word : words) {
            OptionalInt id = tokenizer.tokenId(word);
            if (id.isEmpty()) {
                id = first(tokenizer.encode(word, null, Integer.MAX_VALUE));
                notes.add("The vocabulary has no token \"" + word + "\"; "
                        + (id.isEmpty()
                                ? "it is left out."
                                : "\"" + tokenizer.decode(new int[] {id.getAsInt()}, false)
                                        + "\" stands in its place."));
            }
            if (id.isPresent()) ids.add(id.getAsInt());
        }
        if (!words.isEmpty() && ids.isEmpty()) {
            throw new ConfigException("targets: none of " + String.join(", ", words)
                    + " is a token of the model. Name words of its vocabulary.");
        }
        return new Targets(ids.stream().mapToInt(Integer::intValue).toArray(), List.copyOf(notes));
    }

    private static OptionalInt first(Encoding encoding) {
        for (int i = 0; i < encoding.length(); i++)
            if (encoding.sequenceIds()[i] >= 0) return OptionalInt.of(encoding.ids()[i]);
        return OptionalInt.empty();
    }
}
