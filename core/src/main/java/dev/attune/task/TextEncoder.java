package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.text.CleanText;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns the text columns of a data set into examples, once and in parallel, and counts what it had to cut. */
public final class TextEncoder {
    private final Tokenizer tokenizer;
    private final int maxLength;

    public TextEncoder(Tokenizer tokenizer, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
    }

    /**
     * @param examples one for each row
     * @param notes sentences for the user: texts that were cut, characters that were replaced
     */
    public record Encoded(List<Example> examples, List<String> notes) {}

    /** @param labels one for each row, or null for data without labels */
    public Encoded encode(
            Dataset data, String textColumn, @Nullable String pairColumn, @Nullable List<Labels.Value> labels) {
        List<String> texts = texts(data, textColumn);
        List<String> pairs = pairColumn == null ? null : texts(data, pairColumn);
        List<Encoding> encodings = tokenizer.encodeAll(texts, pairs, maxLength);
        List<Example> examples = new ArrayList<>(encodings.size());
        int cut = 0;
        long lost = 0;
        long tokens = 0;
        String firstCut = "";
        for (int row = 0; row < encodings.size(); row++) {
            Encoding e = encodings.get(row);
            tokens += e.untruncatedLength();
            if (e.truncated()) {
                if (cut++ == 0) firstCut = data.where(row);
                lost += e.untruncatedLength() - e.ids().length;
            }
            Labels.Value label = labels == null ? new Labels.Value(new int[0], new float[0]) : labels.get(row);
            examples.add(new Example(e.ids(), e.typeIds(), label.classes(), label.targets()));
        }
        List<String> notes = new ArrayList<>();
        if (cut > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d texts are longer than %d tokens and were cut (%.1f%% of all tokens lost; the first is"
                            + " %s).",
                    data.name(),
                    cut,
                    encodings.size(),
                    maxLength,
                    100.0 * lost / tokens,
                    firstCut));
        }
        long unclean = IntStream.range(0, texts.size())
                .filter(row ->
                        !CleanText.isClean(texts.get(row)) || (pairs != null && !CleanText.isClean(pairs.get(row))))
                .count();
        if (unclean > 0) {
            notes.add(String.format(
                    Locale.ROOT,
                    "%s: %,d texts hold a NUL or half a surrogate pair; the characters were replaced by U+FFFD.",
                    data.name(),
                    unclean));
        }
        return new Encoded(examples, notes);
    }

    private static List<String> texts(Dataset data, String column) {
        List<String> texts = new ArrayList<>(data.size());
        for (int row = 0; row < data.size(); row++) {
            Object value = data.value(row, column);
            if (value == null || value.toString().isBlank()) {
                throw new DataException(data.where(row) + ": the text in column \"" + column + "\" is "
                        + (value == null ? "null" : "empty") + ". Give it a text, or remove the row.");
            }
            texts.add(value.toString());
        }
        return texts;
    }
}
