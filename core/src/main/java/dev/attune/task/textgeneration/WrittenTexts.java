package dev.attune.task.textgeneration;

import java.util.List;
import java.util.Map;

/**
 * What came out for a prompt.
 *
 * @param texts one, or {@code num_return_sequences}
 */
public record WrittenTexts(List<String> texts) {
    public WrittenTexts {
        texts = List.copyOf(texts);
    }

    /** The first one. */
    public String text() {
        return texts.get(0);
    }

    List<Map<String, String>> json() {
        return texts.stream().map(text -> Map.of("generated_text", text)).toList();
    }
}
