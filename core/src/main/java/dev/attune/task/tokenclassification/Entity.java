package dev.attune.task.tokenclassification;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token with its tag, or an entity.
 *
 * @param label the tag of a token, such as {@code B-PER}, or the type of an entity, {@code PER}
 * @param score its probability; of several tokens their mean
 * @param index the place of the token, special tokens counted; null for an entity
 * @param word its text as the tokenizer writes it
 * @param start where it starts in the text, in code points as in Python
 * @param end where it ends, exclusive
 * @param startUtf16 where it starts for {@link String#substring}
 * @param endUtf16 where it ends, exclusive
 */
public record Entity(
        String label,
        double score,
        @Nullable Integer index,
        String word,
        int start,
        int end,
        int startUtf16,
        int endUtf16) {
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(index == null ? "entity_group" : "entity", label);
        map.put("score", score);
        if (index != null) map.put("index", index);
        map.put("word", word);
        map.put("start", start);
        map.put("end", end);
        return map;
    }
}
