package dev.attune.task.questionanswering;

import dev.attune.error.DataException;
import dev.attune.task.Pipeline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares answers with those of the rows; where they stand in the context does not matter. */
final class AnswersScorer implements Pipeline.Scorer<QuestionAnswer> {
    private final QuestionRows rows;
    private @Nullable AnswerMetrics metrics;
    private @Nullable String wrong;

    AnswersScorer(QuestionRows rows) {
        this.rows = rows;
        try {
            this.metrics = new AnswerMetrics(rows.anyWithoutAnswer(), false);
        } catch (DataException e) { // whoever predicts wants answers first
            this.wrong = e.getMessage();
        }
    }

    @Override
    public void add(QuestionAnswer answer, int row) {
        if (metrics == null) return;
        String text = answer.best().answer();
        metrics.add(rows.texts(row), text, text, 0);
    }

    @Override
    public Map<String, Double> results() {
        return metrics == null ? Map.of() : metrics.results();
    }

    @Override
    public List<String> notes() {
        return wrong == null ? List.of() : List.of("There are no metrics: " + wrong);
    }
}
