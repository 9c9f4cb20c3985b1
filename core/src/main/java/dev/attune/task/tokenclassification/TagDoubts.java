package dev.attune.task.tokenclassification;

import dev.attune.task.Artifact;
import dev.attune.task.LabelDoubts;
import dev.attune.task.RowTexts;
import dev.attune.task.Scores;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.List;

/**
 * What the probabilities of tags tell: tags that are doubtful, and of each sentence the word with the highest loss, if its tag is
 * less likely than not.
 */
final class TagDoubts {
    private final List<String> labels;
    private final WorstRows worst;
    private final LabelDoubts doubts;
    private double highest = Double.NEGATIVE_INFINITY;
    private Object[] cells = {};

    TagDoubts(List<String> labels, RowTexts texts) {
        this.labels = labels;
        this.worst = new WorstRows(texts);
        this.doubts = new LabelDoubts(labels, texts, "word");
    }

    /**
     * Takes one word.
     *
     * @param word its place among the words of the sentence that have a label, from 0
     * @param logits of all tokens; those of the word begin at {@code at}
     */
    void add(int row, int word, int label, float[] logits, int at) {
        int classes = labels.size();
        int best = Scores.best(logits, at, classes);
        double[] scores = Scores.softmax(logits, at, classes);
        doubts.add(row, word, label, scores, best);
        double loss = Scores.crossEntropy(logits, at, classes, label, 0);
        if (scores[label] > 0.5 || !(loss > highest)) return;
        highest = loss;
        cells = new Object[] {word + 1L, labels.get(label), labels.get(best), loss};
    }

    /** After the last word of a sentence. */
    void end(int row) {
        if (cells.length > 0) worst.add(highest, row, cells);
        highest = Double.NEGATIVE_INFINITY;
        cells = new Object[0];
    }

    List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>(doubts.artifacts());
        worst.table("worst", "Words with the highest loss", List.of("word", "tag", "predicted", "loss"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
