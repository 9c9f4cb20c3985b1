package dev.attune.generate;

import dev.attune.error.ConfigException;
import java.util.Arrays;

/** Leaves certain tokens only, in one place of a text: {@code forced_bos_token_id}, {@code forced_eos_token_id}. */
final class ForcedTokens implements ScoreProcessor {
    private final int[] tokens;
    private final boolean atEnd;

    private ForcedTokens(int[] tokens, boolean atEnd) {
        this.tokens = tokens;
        this.atEnd = atEnd;
    }

    /** After the first token of all: of an encoder-decoder the first that comes out. */
    static ForcedTokens second(int token) {
        return new ForcedTokens(new int[] {token}, false);
    }

    /** In the last place that the maximum length leaves. */
    static ForcedTokens last(int[] tokens) {
        return new ForcedTokens(tokens, true);
    }

    /** @throws ConfigException if the vocabulary lacks one of the tokens */
    ForcedTokens within(int vocabulary, String key) {
        for (int token : tokens) {
            if (token < vocabulary) continue;
            throw new ConfigException(
                    key + " is " + token + ", but the model has tokens 0 to " + (vocabulary - 1) + " only.");
        }
        return this;
    }

    @Override
    public void process(History history, float[] scores) {
        if (history.length() != (atEnd ? history.maxLength() - 1 : 1)) return;
        Arrays.fill(scores, BANNED);
        for (int token : tokens) scores[token] = 0;
    }
}
