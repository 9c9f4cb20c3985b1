package dev.attune.generate;

import java.util.List;
import java.util.OptionalInt;

/**
 * Tokens that stand for something else than text.
 *
 * @param bos the start of a text
 * @param eos those that end one; mostly one, none where a text ends by its length only
 * @param pad what Python fills short rows with; nothing is padded here
 * @param decoderStart what the decoder of an encoder-decoder starts with
 */
public record SpecialTokens(OptionalInt bos, List<Integer> eos, OptionalInt pad, OptionalInt decoderStart) {
    /** None. */
    public static final SpecialTokens NONE =
            new SpecialTokens(OptionalInt.empty(), List.of(), OptionalInt.empty(), OptionalInt.empty());

    public SpecialTokens {
        eos = List.copyOf(eos);
    }
}
