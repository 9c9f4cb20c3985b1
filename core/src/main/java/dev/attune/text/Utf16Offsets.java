package dev.attune.text;

import org.jspecify.annotations.Nullable;

/** Positions in code points, as the Rust library counts, turned into positions in UTF-16 units, as Java counts. */
final class Utf16Offsets {
    private final int @Nullable [] units; // null: no surrogate pairs, both counts agree

    private Utf16Offsets(int @Nullable [] units) {
        this.units = units;
    }

    static Utf16Offsets of(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return new Utf16Offsets(null);
        }
        int[] units = new int[codePoints + 1];
        int unit = 0;
        for (int i = 0; i < codePoints; i++) {
            units[i] = unit;
            unit += Character.charCount(text.codePointAt(unit));
        }
        units[codePoints] = unit;
        return new Utf16Offsets(units);
    }

    int at(int codePoint) {
        return units == null ? codePoint : units[codePoint];
    }
}
