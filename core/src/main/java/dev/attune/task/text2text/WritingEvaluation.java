package dev.attune.task.text2text;

import dev.attune.data.Batch;
import dev.attune.generate.Generated;
import dev.attune.generate.TokenListener;
import dev.attune.metric.ErrorRate;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.RowLoss;
import dev.attune.task.WorstRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The losses of an evaluation, and what the model writes: {@code predict_with_generate}. */
final class WritingEvaluation implements Evaluation {
    private final Evaluation losses;
    private final Writing writing;
    private final EvaluationSet set;
    private final WrittenMetrics metrics;
    private final WorstRows worst;

    /** @param quoted the columns of the texts; empty if they cannot be quoted */
    WritingEvaluation(Evaluation losses, Writing writing, EvaluationSet set, List<String> names, List<String> quoted) {
        this.losses = losses;
        this.writing = writing;
        this.set = set;
        this.metrics = new WrittenMetrics(names);
        this.worst = new WorstRows(quoted.isEmpty() ? null : set.rows(), quoted);
    }

    @Override
    public RowLoss add(Batch batch) {
        List<int[]> read = new ArrayList<>();
        List<int[]> wanted = new ArrayList<>();
        for (int b = 0, token = 0, label = 0; b < batch.size(); b++) {
            read.add(Arrays.copyOfRange(batch.ids(), token, token += batch.lengths()[b]));
            wanted.add(Arrays.copyOfRange(batch.labels(), label, label += batch.labelLengths()[b]));
        }
        List<List<Generated>> written = writing.write(read, TokenListener.NONE);
        for (int b = 0; b < batch.size(); b++) {
            int[] ids = written.get(b).get(0).ids();
            String text = writing.text(ids);
            String truth = writing.text(wanted.get(b));
            metrics.add(text, truth, ids.length);
            if (text.strip().equals(truth.strip())) continue;
            ErrorRate rate = ErrorRate.characters();
            rate.add(text, truth);
            double wrong = rate.compute().values().iterator().next();
            worst.add(wrong, set.examples().row(batch.rows()[b]), wrong, text);
        }
        return losses.add(batch);
    }

    @Override
    public Map<String, Double> results() {
        Map<String, Double> results = new LinkedHashMap<>(losses.results());
        results.putAll(metrics.results());
        return results;
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>(losses.artifacts());
        worst.table("furthest", "What was written furthest from what is wanted", List.of("cer", "written"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
