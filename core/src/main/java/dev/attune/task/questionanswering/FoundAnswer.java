package dev.attune.task.questionanswering;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer in its context.
 *
 * @param score its probability; added up where the same words were found in several places
 * @param start its place in code points, as Python counts
 * @param end its end in code points, exclusive
 * @param answer its text; empty if there is no answer
 * @param utf16Start its place as Java counts: {@code context.substring(utf16Start, utf16End)} is the answer
 * @param utf16End its end as Java counts
 */
public record FoundAnswer(double score, int start, int end, String answer, int utf16Start, int utf16End) {
    static FoundAnswer of(double score, String context, int from, int to) {
        int start = context.codePointCount(0, from);
        return new FoundAnswer(
                score, start, start + context.codePointCount(from, to), context.substring(from, to), from, to);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("score", score);
        map.put("start", start);
        map.put("end", end);
        map.put("answer", answer);
        return map;
    }
}
