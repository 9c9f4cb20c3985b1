package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.List;

/** Loss and metrics of tasks whose answers are words of a vocabulary; only words that are to be guessed meet it. */
public abstract class WordTask implements Task {
    private static final double SCORES = 1 << 24; // 64 MiB of FLOAT32

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
    protected WordTask(PretrainedModel model, TaskOptions options, int words, int batchTokens, List<String> quoted) {
        this.model = model;
        this.options = options;
        this.words = words;
        this.batchTokens = batchTokens;
        this.quoted = quoted;
    }

    /**
     * How many tokens go through at once where some of them get a score for each word.
     *
     * @param share of the tokens that get scores
     */
    public static int batchTokens(int words, double share) {
        return (int) Math.max(1, Math.min(ForwardPass.BATCH_TOKENS, SCORES / (words * share)));
    }

    /** What is to be guessed in a batch. */
    protected abstract Guesses guesses(Batch batch);

    /**
     * The logits (M, V), FLOAT32.
     *
     * @param rows at least one, of {@link Guesses#rows}
     */
    protected abstract Tensor logits(Batch batch, int[] rows);

    @Override
    public final PretrainedModel model() {
        return model;
    }

    @Override
    public final int batchTokens() {
        return batchTokens;
    }

    @Override
    public final double weight(Batch batch) {
        return guesses(batch).count();
    }

    @Override
    public final Tensor lossSum(Batch batch) {
        Guesses guesses = guesses(batch);
        // Short texts may have nothing to guess: a loss of zero that has gradients, all zero.
        if (guesses.count() == 0) return logits(batch, new int[] {0}).sum().mul(0);
        Tensor logits = logits(batch, guesses.rows());
        var own = options.computeLoss();
        if (own != null) return own.sum(logits, batch);
        return Losses.crossEntropySum(logits, Tensor.ofInts(guesses.words()), options.labelSmoothing());
    }

    @Override
    public final double chanceLoss(Batch batch) {
        return options.computeLoss() != null ? Double.NaN : Math.log(words);
    }

    /** What the guessed words of a row are called in the table of the hardest rows: {@code hidden}. */
    protected String guessed() {
        return "words";
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        WorstRows worst = new WorstRows(quoted.isEmpty() ? null : set.rows(), quoted);
        return new WordEvaluation(this, options, set.examples(), worst);
    }
}
