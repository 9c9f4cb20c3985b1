package dev.attune.task.textclassification;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link TextClassificationPipeline} is asked.
 *
 * @param text the text, or the first of two
 * @param textPair the second text; null for a single one
 */
public record TextInput(String text, @Nullable String textPair) {}
