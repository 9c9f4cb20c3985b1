package dev.attune.task.tokenclassification;

import dev.attune.error.DataException;
import dev.attune.metric.EntityMetrics;
import dev.attune.task.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares answers with the tags of the rows; words that were cut off take no part, as in the reference. Whoever predicts
 * wants answers first: what {@code evaluate} refuses is a note here.
 */
final class TagScorer implements Pipeline.Scorer<TokenAnswer> {
    private final TaggedRows rows;
    private final EntityMetrics metrics = new EntityMetrics();
    private int asked;
    private int compared;
    private int repaired;
    private long unread;
    private @Nullable String firstRepaired;
    private @Nullable String wrong;

    /** @param rows with {@link TaggedRows#repair} */
    TagScorer(TaggedRows rows) {
        this.rows = rows;
    }

    @Override
    public void add(TokenAnswer answer, int row) {
        asked++;
        if (wrong != null || rows.data().value(row, tags()) == null) return;
        TaggedWords sentence;
        try {
            sentence = rows.read(row);
            rows.ids(sentence, row);
            if (rows.isRepaired(row)) repaired(row);
        } catch (DataException e) {
            wrong = e.getMessage();
            return;
        }
        List<String> truth = new ArrayList<>();
        List<String> predicted = new ArrayList<>();
        for (int w = 0; w < sentence.tags().size(); w++) {
            String tag = answer.wordTags().get(w);
            if (tag == null) {
                unread++;
                continue;
            }
            truth.add(sentence.tags().get(w));
            predicted.add(tag);
        }
        metrics.add(rows.scheme().forMetrics(truth), rows.scheme().forMetrics(predicted));
        compared++;
    }

    private String tags() {
        return String.valueOf(rows.columns().tags());
    }

    private void repaired(int row) {
        if (repaired++ == 0) firstRepaired = rows.data().where(row);
    }

    @Override
    public Map<String, Double> results() {
        return wrong != null || compared == 0 ? Map.of() : metrics.compute();
    }

    @Override
    public List<String> notes() {
        if (wrong != null) return List.of("There are no metrics: " + wrong);
        if (compared == 0) return List.of("There are no metrics: no row has tags in column \"" + tags() + "\".");
        List<String> notes = new ArrayList<>();
        if (compared < asked) {
            notes.add(note(
                    "The metrics are of the %,d of %,d rows that have tags in column \"%s\".",
                    compared, asked, tags()));
        }
        if (repaired > 0) {
            notes.add(note(
                    "The metrics take the tags of %,d rows for what they mean: some may not follow each other in the"
                            + " scheme %s (first: %s). attune evaluate refuses them without repair_tags: true.",
                    repaired, rows.scheme(), firstRepaired));
        }
        if (unread > 0) {
            notes.add(note("%,d words were cut off or have no token; they take no part in the metrics.", unread));
        }
        return notes;
    }

    private static String note(String text, @Nullable Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
