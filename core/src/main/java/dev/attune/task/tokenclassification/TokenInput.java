package dev.attune.task.tokenclassification;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenClassificationPipeline} is asked.
 *
 * @param text the whole text
 * @param words the words that it was joined from with a space between each; null for the tokenizer to split it
 */
public record TokenInput(String text, @Nullable List<String> words) {}
