package dev.attune.task.text2text;

import java.util.List;
import java.util.Map;

/**
 * What was written about a text.
 *
 * @param texts one, or {@code num_return_sequences}
 * @param length tokens of the first
 */
public record TextsAbout(List<String> texts, int length) {
    public TextsAbout {
        texts = List.copyOf(texts);
    }

    /** The first one. */
    public String text() {
        return texts.get(0);
    }

    List<Map<String, String>> json(String name) {
        return texts.stream().map(text -> Map.of(name, text)).toList();
    }
}
