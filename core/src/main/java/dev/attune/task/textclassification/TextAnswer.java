package dev.attune.task.textclassification;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link TextClassificationPipeline} answers.
 *
 * @param labels the labels that were asked for, the best first; possibly none where a threshold was set
 * @param logits what the model gave, one for each of its labels in the order of their ids
 * @param many whether labels were asked for as a list
 */
public record TextAnswer(List<Prediction> labels, float[] logits, boolean many) {
    /**
     * A label and its score.
     *
     * @param score a probability for classes, the number itself for a regression
     */
    public record Prediction(String label, double score) {
        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("label", label);
            map.put("score", score);
            return map;
        }
    }

    /** The best label; there is one unless a threshold was set. */
    public Prediction best() {
        return labels.get(0);
    }

    /** The form of the Hugging Face pipeline: an object, or a list of objects where a list was asked for. */
    public Object json() {
        if (!many) return best().toMap();
        List<Object> list = new ArrayList<>();
        labels.forEach(label -> list.add(label.toMap()));
        return list;
    }
}
