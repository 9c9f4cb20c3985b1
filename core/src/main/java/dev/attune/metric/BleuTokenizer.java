package dev.attune.metric;

import java.util.List;
import java.util.regex.Pattern;

/** Cuts a text into what {@link Bleu} calls words, by the rules of {@code sacrebleu} of the same name. */
public enum BleuTokenizer {
    /**
     * {@code 13a}: that of the NIST's {@code mteval-v13a}, for languages that put blanks between words. Punctuation of ASCII
     * stands alone, and a point or comma between digits does not; {@code &quot;}, {@code &amp;}, {@code &lt;} and {@code &gt;}
     * are what they stand for.
     */
    V13A {
        @Override
        List<String> words(String text) {
            String line = text.replace("<skipped>", "").replace("-\n", "").replace('\n', ' ');
            if (line.indexOf('&') >= 0) {
                line = line.replace("&quot;", "\"")
                        .replace("&amp;", "&")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">");
            }
            line = SYMBOLS.matcher(" " + line + " ").replaceAll(" $1 ");
            line = MARK_AFTER_OTHER.matcher(line).replaceAll("$1 $2 ");
            line = MARK_BEFORE_OTHER.matcher(line).replaceAll(" $1 $2");
            line = DASH_AFTER_DIGIT.matcher(line).replaceAll("$1 $2 ");
            return Words.of(line);
        }
    },

    /** {@code char}: each character is a word, for languages without blanks. */
    CHAR {
        @Override
        List<String> words(String text) {
            return text.codePoints()
                    .mapToObj(Character::toString)
                    .flatMap(character -> Words.of(character).stream())
                    .toList();
        }
    },

    /** {@code none}: what lies between blanks, for text that is already cut. */
    NONE {
        @Override
        List<String> words(String text) {
            return Words.of(text);
        }
    };

    private static final Pattern SYMBOLS = Pattern.compile("([{-~\\[-`!-&(-+:-@/])");
    private static final Pattern MARK_AFTER_OTHER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern MARK_BEFORE_OTHER = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

    /** @param text without blanks at its end */
    abstract List<String> words(String text);
}
