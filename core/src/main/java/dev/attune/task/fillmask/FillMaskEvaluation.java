package dev.attune.task.fillmask;

import dev.attune.data.Batch;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.RowLoss;
import dev.attune.task.Scores;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss, perplexity and accuracy over all tokens that are to be guessed, each of the same weight. */
final class FillMaskEvaluation implements Evaluation {
    private final FillMaskTask task;
    private final TaskOptions options;
    private double loss;
    private double tokens;
    private long right;

    FillMaskEvaluation(FillMaskTask task, TaskOptions options) {
        this.task = task;
        this.options = options;
    }

    @Override
    public RowLoss add(Batch batch) {
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        int[] places = FillMaskTask.chosen(batch);
        if (places.length == 0) return new RowLoss(sums, weights);
        Tensor output = task.forward(batch, places); // (M, V)
        float[] logits = output.toFloats();
        int words = logits.length / places.length;
        int row = 0;
        int end = batch.lengths()[0];
        for (int m = 0; m < places.length; m++) {
            while (places[m] >= end) end += batch.lengths()[++row];
            int label = batch.labels()[places[m]];
            int best = Scores.best(logits, m * words, words);
            if (best == label) right++;
            sums[row] += crossEntropy(logits, m * words, words, label, best);
            weights[row]++;
        }
        var own = options.computeLoss();
        if (own != null) { // only its sum over the batch is known
            double each = own.sum(output, batch).item() / places.length;
            for (int i = 0; i < sums.length; i++) sums[i] = each * weights[i];
        }
        loss += Arrays.stream(sums).sum();
        tokens += places.length;
        return new RowLoss(sums, weights);
    }

    private double crossEntropy(float[] logits, int at, int words, int label, int best) {
        double highest = logits[at + best];
        double sum = 0;
        double total = 0;
        for (int k = at; k < at + words; k++) {
            sum += Math.exp(logits[k] - highest);
            total += logits[k];
        }
        double normaliser = highest + Math.log(sum);
        double smoothing = options.labelSmoothing();
        double exact = normaliser - logits[at + label];
        return smoothing == 0 ? exact : (1 - smoothing) * exact + smoothing * (normaliser - total / words);
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
        return List.of();
    }
}
