package dev.attune.task.fillmask;

import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.RowLoss;
import dev.attune.task.TaskOptions;
import dev.attune.task.WorstRows;
import dev.attune.tensor.DType;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss, perplexity and accuracy over all tokens that are to be guessed, each of the same weight. */
final class FillMaskEvaluation implements Evaluation {
    private final FillMaskTask task;
    private final TaskOptions options;
    private final Examples examples;
    private final WorstRows worst;
    private double loss;
    private double tokens;
    private long right;

    /** @param worst rows whose tokens are hardest to guess */
    FillMaskEvaluation(FillMaskTask task, TaskOptions options, Examples examples, WorstRows worst) {
        this.task = task;
        this.options = options;
        this.examples = examples;
        this.worst = worst;
    }

    @Override
    public RowLoss add(Batch batch) {
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        int[] places = FillMaskTask.chosen(batch);
        if (places.length == 0) return new RowLoss(sums, weights);
        Tensor output = task.forward(batch, places); // (M, V)
        int[] truth = FillMaskTask.labels(batch, places);
        // The scores of all words stay where they are: a few numbers a token come back.
        long[] best = output.argmax().toLongs();
        float[] losses = Losses.crossEntropies(output.to(DType.FLOAT32), Tensor.ofInts(truth), options.labelSmoothing())
                .toFloats();
        int row = 0;
        int end = batch.lengths()[0];
        for (int m = 0; m < places.length; m++) {
            while (places[m] >= end) end += batch.lengths()[++row];
            if (best[m] == truth[m]) right++;
            sums[row] += losses[m];
            weights[row]++;
        }
        var own = options.computeLoss();
        if (own != null) { // only its sum over the batch is known
            double each = own.sum(output, batch).item() / places.length;
            for (int i = 0; i < sums.length; i++) sums[i] = each * weights[i];
        } else {
            keepWorst(batch, sums, weights);
        }
        loss += Arrays.stream(sums).sum();
        tokens += places.length;
        return new RowLoss(sums, weights);
    }

    private void keepWorst(Batch batch, double[] sums, double[] weights) {
        for (int i = 0; i < sums.length; i++) {
            if (weights[i] == 0) continue;
            double mean = sums[i] / weights[i];
            worst.add(mean, examples.row(batch.rows()[i]), mean, (long) weights[i]);
        }
    }

    @Override
    public Map<String, Double> results() {
        if (tokens == 0) return Map.of(); // no text was long enough
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("loss", loss / tokens);
        results.put("perplexity", Math.exp(loss / tokens));
        results.put("accuracy", right / tokens);
        return results;
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        worst.table("hardest", "Texts that are hardest to guess", List.of("loss", "hidden"))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
