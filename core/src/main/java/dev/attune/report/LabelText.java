package dev.attune.report;

import dev.attune.text.Excerpt;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Labels cut to a width for tables and pictures, such that no two look the same. Widths count code points. */
final class LabelText {
    private LabelText() {}

    /** One line each, at most {@code width} wide; labels that would collide end in their id: {@code "card_pay…#12"}. */
    static List<String> fit(List<String> labels, int width) {
        List<String> fitted = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int id = 0; id < labels.size(); id++) {
            String label = labels.get(id).isBlank() ? "#" + id : shorten(oneLine(labels.get(id)), width);
            if (!taken.add(label)) {
                String tail = "#" + id;
                label = Excerpt.of(oneLine(labels.get(id)), width - tail.length()) + tail;
                taken.add(label);
            }
            fitted.add(label);
        }
        return fitted;
    }

    /** A text that is no label, on one line; an empty one stays empty. */
    static String fit(String text, int width) {
        return shorten(oneLine(text), width);
    }

    /** The middle goes: names of one family differ at the end as often as at the start. */
    private static String shorten(String label, int width) {
        int length = length(label);
        if (length <= width) return label;
        int head = (width - 1) / 2, tail = width - 1 - head;
        return label.substring(0, label.offsetByCodePoints(0, head))
                + "…"
                + label.substring(label.offsetByCodePoints(0, length - tail));
    }

    private static String oneLine(String label) {
        return label.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static int longest(List<String> labels) {
        return labels.stream().mapToInt(LabelText::length).max().orElse(0);
    }
}
