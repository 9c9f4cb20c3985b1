package dev.attune.task.fillmask;

import dev.attune.data.Example;
import dev.attune.text.Encoding;

/**
 * Which tokens belong to the same word, kept with a whole text in place of its labels, which it has none of: {@link #GOES_ON}
 * for a token that goes on with the word of the token before it. As in {@code DataCollatorForLanguageModeling} a token goes
 * on if it starts in the text where the one before it ends: words are what spaces part, punctuation included, whatever
 * the tokenizer is.
 */
final class WholeWords {
    private static final int GOES_ON = 1;

    private WholeWords() {}

    static Example example(Encoding text) {
        int[] words = new int[text.length()];
        for (int i = 1; i < words.length; i++) {
            boolean within = text.sequenceIds()[i] >= 0 && text.sequenceIds()[i - 1] >= 0;
            if (within && text.start(i) == text.end(i - 1)) words[i] = GOES_ON;
        }
        return new Example(text.ids(), text.typeIds(), words, new float[0]);
    }

    static boolean goesOn(Example text, int token) {
        return text.labels()[token] == GOES_ON;
    }
}
