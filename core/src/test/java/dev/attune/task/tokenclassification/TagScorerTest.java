package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said about metrics of answers to rows that have tags. */
class TagScorerTest {
    private static final List<String> LABELS = List.of("B-P", "I-P", "O");

    private static TagScorer scorer(List<Map<String, Object>> rows) {
        Dataset data = Datasets.of("rows", rows);
        return new TagScorer(
                new TaggedRows(data, new TokenColumns("tokens", "tags", false), LABELS, TagScheme.BIO, true));
    }

    private static Map<String, Object> row(String... tags) {
        return Map.of("tokens", Arrays.stream(tags).map(tag -> "a").toList(), "tags", List.of(tags));
    }

    private static TokenAnswer answer(String... tags) {
        return new TokenAnswer(List.of(), Arrays.asList(tags));
    }

    @Test
    void legalTagsNeedNoNote() {
        TagScorer scorer = scorer(List.of(row("B-P", "I-P", "O")));
        scorer.add(answer("B-P", "I-P", "O"), 0);
        assertThat(scorer.results()).containsEntry("f1", 1.0);
        assertThat(scorer.notes()).isEmpty();
    }

    @Test
    void repairedTagsAreSaid() {
        TagScorer scorer = scorer(List.of(row("O", "B-P"), row("O", "I-P", "I-P")));
        scorer.add(answer("O", "B-P"), 0);
        scorer.add(answer("O", "B-P", "I-P"), 1);
        assertThat(scorer.results()).containsEntry("f1", 1.0).containsEntry("accuracy", 1.0);
        assertThat(scorer.notes())
                .containsExactly(
                        "The metrics take the tags of 1 rows for what they mean: some may not follow each other in"
                                + " the scheme bio (first: row 2). attune evaluate refuses them without repair_tags: true.");
    }

    @Test
    void rowsAndWordsThatTakeNoPartAreSaid() {
        TagScorer scorer = scorer(List.of(row("B-P", "O"), Map.of("tokens", List.of("a")), row("O", "B-P", "B-P")));
        scorer.add(answer("B-P", null), 0);
        scorer.add(answer("O"), 1);
        scorer.add(answer("O", null, null), 2);
        assertThat(scorer.results()).containsEntry("recall", 1.0);
        assertThat(scorer.notes())
                .containsExactly(
                        "The metrics are of the 2 of 3 rows that have tags in column \"tags\".",
                        "3 words were cut off or have no token; they take no part in the metrics.");
    }

    @Test
    void tagsThatTheModelDoesNotHaveCostTheMetrics() {
        TagScorer scorer = scorer(List.of(row("B-P", "O"), row("B-PS")));
        scorer.add(answer("B-P", "O"), 0);
        scorer.add(answer("B-P"), 1);
        assertThat(scorer.results()).isEmpty();
        assertThat(scorer.notes())
                .singleElement()
                .asString()
                .startsWith("There are no metrics: row 2: the tag of word 1 is \"B-PS\", but the model has the tags"
                        + " [B-P, I-P, O]. Did you mean \"B-P\"?");
        TagScorer none = scorer(List.of(Map.of("tokens", List.of("a")), row("O")));
        none.add(answer("O"), 0);
        assertThat(none.notes()).containsExactly("There are no metrics: no row has tags in column \"tags\".");
    }
}
