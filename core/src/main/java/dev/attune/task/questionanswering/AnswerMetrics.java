package dev.attune.task.questionanswering;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exact match and F1 in percent, as the metrics {@code squad} and {@code squad_v2} of Hugging Face evaluate give them. For sets
 * with questions that have no answer also those of each kind, and the threshold that would have been the best.
 */
final class AnswerMetrics {
    private final boolean negative;
    private final boolean thresholds;
    private final List<Line> lines = new ArrayList<>();

    /** @param sure scores of the best answer that is not empty: what a threshold chooses between */
    private record Line(
            double exact, double f1, double sureExact, double sureF1, boolean answerable, double nullOdds) {}

    /**
     * @param negative whether "no answer" can be right
     * @param thresholds whether it is known what speaks for it, so that the best threshold can be found
     */
    AnswerMetrics(boolean negative, boolean thresholds) {
        this.negative = negative;
        this.thresholds = thresholds;
    }

    /**
     * Takes the next question.
     *
     * @param truths its answers; none for a question without an answer
     * @param answer what was answered; empty for "no answer"
     * @param certain what would be answered if there had to be an answer
     * @param nullOdds how much speaks for "no answer" against it
     * @return F1 of the answer, 0 to 1
     */
    double add(List<String> truths, String answer, String certain, double nullOdds) {
        Line line = new Line(
                exact(truths, answer),
                f1(truths, answer),
                exact(truths, certain),
                f1(truths, certain),
                !truths.isEmpty(),
                nullOdds);
        lines.add(line);
        return line.f1;
    }

    private double exact(List<String> truths, String answer) {
        return golds(truths).stream().anyMatch(truth -> AnswerText.same(truth, answer)) ? 1 : 0;
    }

    private double f1(List<String> truths, String answer) {
        double best = 0;
        for (String truth : golds(truths)) best = Math.max(best, f1(truth, answer));
        return best;
    }

    private double f1(String truth, String answer) {
        if (!negative) return AnswerText.f1(truth, answer);
        boolean nothing = AnswerText.words(truth).isEmpty();
        boolean silent = AnswerText.words(answer).isEmpty();
        return nothing || silent ? (nothing == silent ? 1 : 0) : AnswerText.f1(truth, answer);
    }

    private List<String> golds(List<String> truths) {
        if (!negative) return truths;
        List<String> golds = truths.stream()
                .filter(truth -> !AnswerText.words(truth).isEmpty())
                .toList();
        return golds.isEmpty() ? List.of("") : golds;
    }

    Map<String, Double> results() {
        Map<String, Double> results = new LinkedHashMap<>();
        if (lines.isEmpty()) return results;
        if (!negative) {
            results.put("exact_match", 100 * mean(lines, Line::exact));
            results.put("f1", 100 * mean(lines, Line::f1));
            return results;
        }
        put(results, "", lines);
        put(results, "HasAns_", lines.stream().filter(Line::answerable).toList());
        put(results, "NoAns_", lines.stream().filter(line -> !line.answerable).toList());
        if (thresholds) {
            best(results, "best_exact", Line::sureExact);
            best(results, "best_f1", Line::sureF1);
        }
        return results;
    }

    private interface Value {
        double of(Line line);
    }

    private static double mean(List<Line> lines, Value value) {
        return lines.stream().mapToDouble(value::of).sum() / lines.size();
    }

    private static void put(Map<String, Double> results, String prefix, List<Line> some) {
        if (some.isEmpty()) return;
        results.put(prefix + "exact", 100 * mean(some, Line::exact));
        results.put(prefix + "f1", 100 * mean(some, Line::f1));
        results.put(prefix + "total", (double) some.size());
    }

    /** From "no answer" to everything, question by question, to one answer more at a time. */
    private void best(Map<String, Double> results, String name, Value value) {
        double score = lines.stream().filter(line -> !line.answerable).count();
        double best = score;
        double threshold = 0;
        int[] order = IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> lines.get(i).nullOdds))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i : order) {
            Line line = lines.get(i);
            score += line.answerable ? value.of(line) : -1;
            if (score > best) {
                best = score;
                threshold = line.nullOdds;
            }
        }
        results.put(name, 100 * best / lines.size());
        results.put(name + "_thresh", threshold);
    }
}
