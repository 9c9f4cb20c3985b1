package dev.attune.task.textgeneration;

import dev.attune.data.Batch;
import dev.attune.model.LanguageModel;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.task.Guesses;
import dev.attune.task.TaskOptions;
import dev.attune.task.WordTask;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.List;

/** Causal language modelling: each token guesses the one behind it. */
final class TextGenerationTask extends WordTask {
    /**
     * @param words how many there are to choose from
     * @param quoted columns from which an evaluation quotes the rows that are hardest; empty for none
     */
    TextGenerationTask(PretrainedModel model, TaskOptions options, int words, List<String> quoted) {
        super(model, options, words, batchTokens(words, 1), quoted);
    }

    /** What an example has to learn: its tokens from {@code from} on, but not the first of all, which nothing stands before. */
    static int[] labels(int[] ids, int from) {
        int[] labels = ids.clone();
        for (int i = 0; i < Math.max(1, from) && i < labels.length; i++) labels[i] = Losses.IGNORED;
        return labels;
    }

    @Override
    protected Guesses guesses(Batch batch) {
        return Guesses.of(batch.labels(), batch.labelLengths(), place -> place - 1);
    }

    @Override
    protected Tensor logits(Batch batch, int[] rows) {
        Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys());
        return ((LanguageModel) model()).forward(tokens, Tensor.ofInts(rows));
    }
}
