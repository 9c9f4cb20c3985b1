package dev.attune.task.tokenclassification;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TokenClassificationPipeline} answers.
 *
 * @param entities in the order of the text
 * @param wordTags the tag of the first token of each word where words were asked; null for a word that was cut off or has no
 *     token; empty for texts
 */
public record TokenAnswer(List<Entity> entities, List<@Nullable String> wordTags) {
    /** The form of the Hugging Face pipeline. */
    public List<?> json() {
        return entities.stream().map(Entity::toMap).toList();
    }
}
