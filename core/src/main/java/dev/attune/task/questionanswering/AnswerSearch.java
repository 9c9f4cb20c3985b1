package dev.attune.task.questionanswering;

import dev.attune.task.Scores;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * The answers to one question from the windows of its context, by the rules of the question-answering pipeline of
 * transformers 4.57: probabilities within each window, the best spans of each, the same words added up.
 */
final class AnswerSearch {
    private final QuestionAnsweringAnswers asked;
    private final int cls;

    AnswerSearch(QuestionAnsweringAnswers asked, Tokenizer tokenizer) {
        this.asked = asked;
        this.cls = tokenizer.clsTokenId().orElse(-1);
    }

    /** Tokens of a window, and how likely they begin and end the answer. */
    private record Span(int first, int last, double score) {}

    QuestionAnswer answer(String context, List<Encoding> windows, List<WindowScores> scores) {
        List<FoundAnswer> found = new ArrayList<>();
        double none = Double.MAX_VALUE;
        for (int w = 0; w < windows.size(); w++) {
            Encoding window = windows.get(w);
            double[] start = probabilities(window, scores.get(w).start());
            double[] end = probabilities(window, scores.get(w).end());
            none = Math.min(none, start[0] * end[0]);
            start[0] = end[0] = 0;
            for (Span span : best(window, start, end)) merge(found, place(context, window, span));
        }
        if (asked.handleImpossibleAnswer() || found.isEmpty())
            found.add(FoundAnswer.of(asked.handleImpossibleAnswer() ? none : 0, "", 0, 0));
        found.sort(Comparator.comparingDouble(FoundAnswer::score).reversed());
        return new QuestionAnswer(found.subList(0, Math.min(asked.topK(), found.size())));
    }

    /** A softmax over the tokens of the context and the one for "no answer"; 0 for others. */
    private double[] probabilities(Encoding window, float[] logits) {
        float[] chosen = logits.clone();
        for (int i = 0; i < chosen.length; i++) {
            if (window.sequenceIds()[i] != 1 && window.ids()[i] != cls) chosen[i] = Float.NEGATIVE_INFINITY;
        }
        return Scores.softmax(chosen, 0, chosen.length);
    }

    private List<Span> best(Encoding window, double[] start, double[] end) {
        int count = asked.alignToWords() ? 2 * asked.topK() + 10 : asked.topK();
        // Of equals the one further left stays: it comes first.
        PriorityQueue<Span> kept = new PriorityQueue<>(Comparator.comparingDouble(Span::score));
        for (int i = 0; i < start.length; i++) {
            if (window.sequenceIds()[i] != 1 || start[i] == 0) continue;
            for (int k = i; k < Math.min(end.length, i + asked.maxAnswerLen()); k++) {
                double score = start[i] * end[k];
                if (window.sequenceIds()[k] != 1 || score == 0) continue;
                if (kept.size() == count && kept.element().score >= score) continue;
                kept.add(new Span(i, k, score));
                if (kept.size() > count) kept.remove();
            }
        }
        List<Span> best = new ArrayList<>(kept);
        best.sort(Comparator.comparingDouble(Span::score).reversed());
        return best;
    }

    private FoundAnswer place(String context, Encoding window, Span span) {
        int first = span.first;
        int last = span.last;
        if (asked.alignToWords()) {
            while (sameWord(window, first, first - 1)) first--;
            while (sameWord(window, last, last + 1)) last++;
        }
        return FoundAnswer.of(span.score, context, window.start(first), window.end(last));
    }

    private static boolean sameWord(Encoding window, int token, int other) {
        return other >= 0
                && other < window.length()
                && window.sequenceIds()[other] == 1
                && window.wordIds()[token] >= 0
                && window.wordIds()[other] == window.wordIds()[token];
    }

    private static void merge(List<FoundAnswer> found, FoundAnswer answer) {
        String text = answer.answer().toLowerCase(Locale.ROOT);
        for (int i = 0; i < found.size(); i++) {
            FoundAnswer same = found.get(i);
            if (!same.answer().toLowerCase(Locale.ROOT).equals(text)) continue;
            found.set(
                    i,
                    new FoundAnswer(
                            same.score() + answer.score(),
                            same.start(),
                            same.end(),
                            same.answer(),
                            same.utf16Start(),
                            same.utf16End()));
            return;
        }
        found.add(answer);
    }
}
