package dev.attune.generate;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;

/** How long the text for a prompt may become. */
final class Lengths {
    private static final int DEFAULT_NEW_TOKENS = 20;

    private Lengths() {}

    /**
     * Most tokens of a text, those that it begins with included: {@code max_new_tokens}, else {@code max_length}, else 20 new ones,
     * and no more than the model has positions.
     *
     * @param prompt its number, from 0, for messages
     * @param start how many tokens it begins with
     * @throws DataException if the prompt fills the model's context
     * @throws ConfigException if the maximum leaves no room
     */
    static int maximum(GenerationConfig config, int prompt, int start) {
        if (start >= config.positions()) {
            throw new DataException("Prompt " + (prompt + 1) + " has " + start + " tokens, but the model takes "
                    + config.positions() + ", and what comes out needs room too. Shorten the prompt.");
        }
        Integer newTokens = config.arguments().maxNewTokens();
        Integer length = config.arguments().maxLength();
        if (newTokens == null && length != null) {
            if (start >= length) throw new ConfigException(tooShort(config, prompt, start, length));
            return Math.min(length, config.positions());
        }
        long wanted = (long) start + GenerationConfig.or(newTokens, DEFAULT_NEW_TOKENS);
        return (int) Math.min(wanted, config.positions());
    }

    private static String tooShort(GenerationConfig config, int prompt, int start, int length) {
        String begins = config.isEncoderDecoder()
                ? "every text begins with a start token"
                : "prompt " + (prompt + 1) + " alone has " + start + " tokens";
        return "generation_max_length is " + length + ", but " + begins
                + ", which count. Raise it, or give max_new_tokens" + " instead.";
    }
}
