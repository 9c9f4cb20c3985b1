package dev.attune.task.fillmask;

import dev.attune.data.Batch;
import dev.attune.model.LanguageModel;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.task.TaskOptions;
import dev.attune.task.WorstRows;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Forward pass and loss of masked language modelling; only tokens that have a label meet the vocabulary. */
final class FillMaskTask implements Task {
    private final PretrainedModel model;
    private final TaskOptions options;
    private final int words;
    private final int batchTokens;
    private final List<String> quoted;

    /**
     * @param words how many there are to choose from
     * @param batchTokens how many tokens of a batch without gradients are computed at once
     * @param quoted columns from which an evaluation quotes the rows that are hardest; empty for none
     */
    FillMaskTask(PretrainedModel model, TaskOptions options, int words, int batchTokens, List<String> quoted) {
        this.model = model;
        this.options = options;
        this.words = words;
        this.batchTokens = batchTokens;
        this.quoted = quoted;
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    @Override
    public int batchTokens() {
        return batchTokens;
    }

    /** The places of the tokens that are to be guessed. */
    static int[] chosen(Batch batch) {
        return IntStream.range(0, batch.labels().length)
                .filter(i -> batch.labels()[i] != Masking.NONE)
                .toArray();
    }

    /** What stands at these places in truth. */
    static int[] labels(Batch batch, int[] places) {
        return Arrays.stream(places).map(i -> batch.labels()[i]).toArray();
    }

    /** The logits (M, V) of the tokens at these places, at least one. */
    Tensor forward(Batch batch, int[] places) {
        Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys());
        return ((LanguageModel) model).forward(tokens, Tensor.ofInts(places));
    }

    @Override
    public double weight(Batch batch) {
        return chosen(batch).length;
    }

    @Override
    public Tensor lossSum(Batch batch) {
        int[] places = chosen(batch);
        // Short texts may have nothing to guess: a loss of zero that has gradients, all zero.
        if (places.length == 0) return forward(batch, new int[] {0}).sum().mul(0);
        Tensor logits = forward(batch, places);
        var own = options.computeLoss();
        if (own != null) return own.sum(logits, batch);
        return Losses.crossEntropySum(logits, Tensor.ofInts(labels(batch, places)), options.labelSmoothing());
    }

    @Override
    public double chanceLoss(Batch batch) {
        return options.computeLoss() != null ? Double.NaN : Math.log(words);
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        WorstRows worst = new WorstRows(quoted.isEmpty() ? null : set.rows(), quoted);
        return new FillMaskEvaluation(this, options, set.examples(), worst);
    }
}
