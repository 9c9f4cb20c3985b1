package dev.attune.task;

import dev.attune.data.Example;
import dev.attune.text.CleanText;
import dev.attune.text.Encoding;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * From texts to tokens, up to a length; counts what had to be done to the texts: cut, or cleaned. Several threads may encode
 * at the same time.
 */
public final class TextEncoder {
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final LongAdder tokens = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder unclean = new LongAdder();

    /**
     * @param tokenizer stays the caller's
     * @param maxLength longest text, or pair of texts, in tokens
     */
    public TextEncoder(Tokenizer tokenizer, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
    }

    /** The tokens of a text, or of a pair of texts. */
    public TokenIds encode(String text, @Nullable String pair) {
        if (pair != null && !CleanText.isClean(pair)) unclean.increment();
        TokenIds encoding = tokenizer.encodeIds(text, pair, maxLength);
        count(text, encoding.untruncatedLength(), encoding.length());
        return encoding;
    }

    /** The tokens of a text with their places in it. */
    public Encoding encodePlaces(String text) {
        Encoding encoding = tokenizer.encode(text, null, maxLength);
        count(text, encoding.untruncatedLength(), encoding.length());
        return encoding;
    }

    private void count(String text, int untruncated, int length) {
        if (!CleanText.isClean(text)) unclean.increment();
        tokens.add(untruncated);
        if (untruncated > length) {
            cut.increment();
            lost.add(untruncated - length);
        }
    }

    /** A text, or a pair of texts, as an example without labels: to be answered. */
    public Example example(String text, @Nullable String pair) {
        TokenIds encoding = encode(text, pair);
        return new Example(encoding.ids(), encoding.typeIds(), new int[0], new float[0]);
    }

    /** Tokens that were cut off, in percent of all. */
    double percentLost() {
        return 100.0 * lost.sum() / tokens.sum();
    }

    /** Sentences for the user; none if nothing was done. */
    public List<String> notes() {
        return notes("", "", "");
    }

    /** The same with more in them: what was encoded, how many texts that is, and what else is known of those that were cut. */
    public List<String> notes(String source, String ofAll, String more) {
        List<String> notes = new ArrayList<>();
        if (cut.sum() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s%,d%s texts are longer than %d tokens and were cut%s.",
                    source,
                    cut.sum(),
                    ofAll,
                    maxLength,
                    more));
        }
        if (unclean.sum() > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s%,d texts hold a NUL or half a surrogate pair; the characters were replaced by U+FFFD.",
                    source,
                    unclean.sum()));
        }
        return notes;
    }
}
