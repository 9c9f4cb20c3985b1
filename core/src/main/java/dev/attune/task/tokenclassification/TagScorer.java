package dev.attune.task.tokenclassification;

import dev.attune.error.DataException;
import dev.attune.metric.EntityMetrics;
import dev.attune.task.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares answers with the tags of the rows; words that were cut off take no part, as in the reference. */
final class TagScorer implements Pipeline.Scorer<TokenAnswer> {
    private final TaggedRows rows;
    private final EntityMetrics metrics = new EntityMetrics();
    private boolean any;
    private @Nullable String wrong;

    TagScorer(TaggedRows rows) {
        this.rows = rows;
    }

    @Override
    public void add(TokenAnswer answer, int row) {
        if (wrong != null) return;
        TaggedWords sentence;
        try {
            sentence = rows.read(row);
        } catch (DataException e) {
            wrong = e.getMessage();
            return;
        }
        List<String> truth = new ArrayList<>();
        List<String> predicted = new ArrayList<>();
        for (int w = 0; w < sentence.tags().size(); w++) {
            String tag = answer.wordTags().get(w);
            if (tag == null) continue;
            truth.add(sentence.tags().get(w));
            predicted.add(tag);
        }
        metrics.add(rows.scheme().forMetrics(truth), rows.scheme().forMetrics(predicted));
        any = true;
    }

    @Override
    public Map<String, Double> results() {
        return wrong != null || !any ? Map.of() : metrics.compute();
    }

    @Override
    public List<String> notes() {
        return wrong == null ? List.of() : List.of("There are no metrics: " + wrong);
    }
}
