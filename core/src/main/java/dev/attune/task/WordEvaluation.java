package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.data.Examples;
import dev.attune.tensor.DType;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loss, perplexity and accuracy over all words that are to be guessed, each of the same weight. */
final class WordEvaluation implements Evaluation {
    private final WordTask task;
    private final TaskOptions options;
    private final Examples examples;
    private final WorstRows worst;
    private double loss;
    private double words;
    private long right;

    /** @param worst rows whose words are hardest to guess */
    WordEvaluation(WordTask task, TaskOptions options, Examples examples, WorstRows worst) {
        this.task = task;
        this.options = options;
        this.examples = examples;
        this.worst = worst;
    }

    @Override
    public RowLoss add(Batch batch) {
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        Guesses guesses = task.guesses(batch);
        if (guesses.count() == 0) return new RowLoss(sums, weights);
        Tensor output = task.logits(batch, guesses.rows()); // (M, V)
        // The scores of all words stay where they are: a few numbers a word come back.
        long[] best = output.argmax().toLongs();
        float[] losses = Losses.crossEntropies(
                        output.to(DType.FLOAT32), Tensor.ofInts(guesses.words()), options.labelSmoothing())
                .toFloats();
        for (int m = 0; m < guesses.count(); m++) {
            int row = guesses.examples()[m];
            if (best[m] == guesses.words()[m]) right++;
            sums[row] += losses[m];
            weights[row]++;
        }
        var own = options.computeLoss();
        if (own != null) { // only its sum over the batch is known
            double each = own.sum(output, batch).item() / guesses.count();
            for (int i = 0; i < sums.length; i++) sums[i] = each * weights[i];
        } else {
            keepWorst(batch, sums, weights);
        }
        loss += Arrays.stream(sums).sum();
        words += guesses.count();
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
        if (words == 0) return Map.of(); // no text was long enough
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("loss", loss / words);
        results.put("perplexity", Math.exp(loss / words));
        results.put("accuracy", right / words);
        return results;
    }

    @Override
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        worst.table("hardest", "Texts that are hardest to guess", List.of("loss", task.guessed()))
                .ifPresent(artifacts::add);
        return artifacts;
    }
}
