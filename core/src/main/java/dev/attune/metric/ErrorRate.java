package dev.attune.metric;

import java.util.Map;

/**
 * Least number of words, or characters, that have to be put in, taken out or replaced to make the references of all rows out of
 * the predictions, divided by the number of those in the references. 0 is perfect; above 1 it would have been
 * better to predict nothing. Blanks at both ends do not count. Not a number if the references are empty.
 *
 * <p>{@code compute()} gives {@code wer} or {@code cer}, as a share and not in percent, like Hugging Face's metrics of these names.
 */
public final class ErrorRate implements TextMetric {
    private final boolean words;
    private long edits;
    private long length;
    private long rows;

    private ErrorRate(boolean words) {
        this.words = words;
    }

    /** {@code wer}, over what lies between blanks. */
    public static ErrorRate words() {
        return new ErrorRate(true);
    }

    /** {@code cer}, over Unicode characters, blanks between words among them. */
    public static ErrorRate characters() {
        return new ErrorRate(false);
    }

    @Override
    public void add(String prediction, String reference) {
        var symbols = new Symbols();
        int[] predicted = units(prediction, symbols);
        int[] wanted = units(reference, symbols);
        edits += EditDistance.of(predicted, wanted);
        length += wanted.length;
        rows++;
    }

    private int[] units(String text, Symbols symbols) {
        if (words) return symbols.of(Words.of(text));
        return Words.trimmed(text).codePoints().toArray();
    }

    @Override
    public Map<String, Double> compute() {
        Rows.require(rows);
        return Map.of(words ? "wer" : "cer", length == 0 ? Double.NaN : (double) edits / length);
    }
}
