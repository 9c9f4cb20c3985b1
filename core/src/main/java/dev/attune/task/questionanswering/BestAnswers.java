package dev.attune.task.questionanswering;

import dev.attune.task.Scores;
import dev.attune.text.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The best answers to one question from all windows of its context: {@code postprocess_qa_predictions} of {@code run_qa.py}.
 *
 * @param spans the best first; probabilities are a softmax over them
 * @param answer the chosen text; empty for no answer
 * @param certain the best text that is not empty, whatever speaks for no answer
 * @param nullOdds by how much the score of no answer exceeds that of the best answer; 0 if there may be no such answer
 */
record BestAnswers(List<AnswerSpan> spans, String answer, String certain, double nullOdds) {
    /** One window: which part of the context each token stands for, {@code 2 * T}; -1 for tokens that are not of it. */
    record Window(WindowScores scores, int[] offsets) {}

    static BestAnswers of(List<Window> windows, String context, QuestionAnsweringSettings settings) {
        boolean negative = Boolean.TRUE.equals(settings.version2WithNegative());
        int kept = settings.nBestSize();
        List<AnswerSpan> found = new ArrayList<>();
        @Nullable AnswerSpan none = null;
        for (Window window : windows) {
            WindowScores scores = window.scores;
            AnswerSpan here = new AnswerSpan(0, 0, scores.start()[0], scores.end()[0], false);
            if (none == null || none.score() > here.score()) none = here;
            collect(window, settings, found);
        }
        if (none == null) throw new IllegalArgumentException("a question has at least one window");
        if (negative) found.add(none);
        found.sort(Comparator.comparing(AnswerSpan::score).reversed()); // stable, as Python's
        List<AnswerSpan> best = new ArrayList<>(found.subList(0, Math.min(kept, found.size())));
        if (negative && best.stream().noneMatch(span -> span.from() == 0 && span.to() == 0)) best.add(none);
        // The reference does so for a single empty text, and fails where several are empty and nothing else is there.
        if (best.stream().allMatch(span -> span.text(context).isEmpty())) best.add(0, AnswerSpan.EMPTY);
        if (!negative) {
            String text = best.get(0).text(context);
            return new BestAnswers(List.copyOf(best), text, text, 0);
        }
        AnswerSpan certain = best.stream()
                .filter(span -> !span.text(context).isEmpty())
                .findFirst()
                .orElseThrow();
        float odds = none.score() - certain.startLogit() - certain.endLogit();
        String text = certain.text(context);
        return new BestAnswers(List.copyOf(best), odds > settings.nullScoreDiffThreshold() ? "" : text, text, odds);
    }

    private static void collect(Window window, QuestionAnsweringSettings settings, List<AnswerSpan> found) {
        float[] starts = window.scores.start();
        float[] ends = window.scores.end();
        int[] lasts = highest(ends, settings.nBestSize());
        for (int start : highest(starts, settings.nBestSize())) {
            if (window.offsets[2 * start] < 0) continue;
            for (int end : lasts) {
                if (window.offsets[2 * end] < 0 || end < start) continue;
                if (end - start + 1 > settings.maxAnswerLength()) continue;
                found.add(new AnswerSpan(
                        window.offsets[2 * start], window.offsets[2 * end + 1], starts[start], ends[end], false));
            }
        }
    }

    /** Places of the largest numbers, the largest first; of equals the one further back, as numpy's sort has them mostly. */
    private static int[] highest(float[] logits, int count) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> logits[i])
                        .thenComparing(Comparator.naturalOrder())
                        .reversed())
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** One probability for each span. */
    double[] probabilities() {
        float[] scores = new float[spans.size()];
        for (int i = 0; i < scores.length; i++) scores[i] = spans.get(i).score();
        return Scores.softmax(scores, 0, scores.length);
    }

    /** The spans in the form of {@code nbest_predictions.json}. */
    List<Map<String, Object>> json(String context) {
        double[] probabilities = probabilities();
        List<Map<String, Object>> list = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            AnswerSpan span = spans.get(i);
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("start_logit", span.startLogit());
            map.put("end_logit", span.endLogit());
            map.put("text", span.text(context));
            map.put("probability", probabilities[i]);
            list.add(map);
        }
        return list;
    }

    /** The offsets of a window's tokens in the context, -1 for tokens that are not of it. */
    static int[] offsets(Encoding window) {
        int[] offsets = new int[2 * window.length()];
        Arrays.fill(offsets, -1);
        for (int i = 0; i < window.length(); i++) {
            if (window.sequenceIds()[i] != 1) continue;
            offsets[2 * i] = window.start(i);
            offsets[2 * i + 1] = window.end(i);
        }
        return offsets;
    }
}
