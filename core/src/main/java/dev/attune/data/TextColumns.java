package dev.attune.data;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a text classification set.
 *
 * @param text the text, or the first of two
 * @param textPair the second text; null for single texts
 * @param label the class or the score; null if the data has none and none was required
 */
public record TextColumns(
        String text, @Nullable String textPair, @Nullable String label) {}
