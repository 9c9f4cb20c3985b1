package dev.attune.task.fillmask;

import dev.attune.data.Example;
import dev.attune.tensor.Losses;
import dev.attune.tensor.SplitMix64;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Chooses the tokens to be guessed and hides most of them, as {@code DataCollatorForLanguageModeling} does: of the chosen a
 * share becomes the mask token, a share a random token, and the rest stays; whole words become masks. What happens to a token
 * is decided by the seed, the epoch, the number of the example and the place of the token alone: neither the order of the
 * batches nor a resumed run changes it.
 */
final class Masking {
    /** The label of a token that is not to be guessed. */
    static final int NONE = Losses.IGNORED;

    private final FillMaskSettings settings;
    private final int mask;
    private final int vocabulary;
    /** Ids that are never chosen, sorted. */
    private final int[] special;

    private final long seed;

    Masking(FillMaskSettings settings, Tokenizer tokenizer, long seed) {
        this.settings = settings;
        this.mask = MaskToken.of(tokenizer).id();
        this.vocabulary = tokenizer.vocabularySize();
        // An unknown word is a word: as in the reference it may be chosen.
        this.special = Stream.of(
                        tokenizer.clsTokenId(),
                        tokenizer.sepTokenId(),
                        tokenizer.padTokenId(),
                        tokenizer.maskTokenId(),
                        tokenizer.bosTokenId(),
                        tokenizer.eosTokenId())
                .flatMapToInt(OptionalInt::stream)
                .sorted()
                .toArray();
        this.seed = seed;
    }

    /** The example with hidden tokens; its labels are the true ids of the chosen ones, and {@link #NONE} elsewhere. */
    Example hide(Example example, int epoch, int number) {
        long key = SplitMix64.ofExample(seed, epoch, number);
        int[] ids = example.ids().clone();
        int[] labels = new int[ids.length];
        if (settings.wholeWordMask()) {
            hideWords(example, key, ids, labels);
            return new Example(ids, example.typeIds(), labels, example.targets());
        }
        for (int i = 0; i < ids.length; i++) {
            labels[i] = NONE;
            if (isSpecial(ids[i])) continue;
            if (SplitMix64.uniform(key, 3 * i) >= settings.mlmProbability()) continue;
            labels[i] = ids[i];
            double what = SplitMix64.uniform(key, 3 * i + 1);
            if (what < settings.maskReplaceProb()) ids[i] = mask;
            else if (what < settings.maskReplaceProb() + settings.randomReplaceProb())
                ids[i] = (int) (SplitMix64.uniform(key, 3 * i + 2) * vocabulary);
        }
        return new Example(ids, example.typeIds(), labels, example.targets());
    }

    /** The first token of a word decides for all of them. */
    private void hideWords(Example example, long key, int[] ids, int[] labels) {
        boolean chosen = false;
        for (int i = 0; i < ids.length; i++) {
            labels[i] = NONE;
            if (isSpecial(example.ids()[i])) continue;
            boolean goesOn = i > 0 && WholeWords.goesOn(example, i) && !isSpecial(example.ids()[i - 1]);
            if (!goesOn) chosen = SplitMix64.uniform(key, 3 * i) < settings.mlmProbability();
            if (!chosen) continue;
            labels[i] = ids[i];
            ids[i] = mask;
        }
    }

    private boolean isSpecial(int id) {
        return Arrays.binarySearch(special, id) >= 0;
    }
}
