package dev.attune.task.fillmask;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One token for one mask.
 *
 * @param score its probability among all tokens of the vocabulary
 * @param token its id
 * @param tokenStr its text
 * @param sequence the whole text with it; other masks stay
 */
public record Filling(double score, int token, String tokenStr, String sequence) {
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("score", score);
        map.put("token", token);
        map.put("token_str", tokenStr);
        map.put("sequence", sequence);
        return map;
    }
}
