package dev.attune.task.fillmask;

import dev.attune.data.Batch;
import dev.attune.model.LanguageModel;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.task.Guesses;
import dev.attune.task.TaskOptions;
import dev.attune.task.WordTask;
import dev.attune.tensor.Tensor;
import java.util.List;

/** Masked language modelling: each hidden token is guessed where it stands. */
final class FillMaskTask extends WordTask {
    /**
     * @param words how many there are to choose from
     * @param batchTokens how many tokens of a batch without gradients are computed at once
     * @param quoted columns from which an evaluation quotes the rows that are hardest; empty for none
     */
    FillMaskTask(PretrainedModel model, TaskOptions options, int words, int batchTokens, List<String> quoted) {
        super(model, options, words, batchTokens, quoted);
    }

    @Override
    protected Guesses guesses(Batch batch) {
        return Guesses.of(batch.labels(), batch.labelLengths(), place -> place);
    }

    @Override
    protected Tensor logits(Batch batch, int[] rows) {
        Tokens tokens = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys());
        return ((LanguageModel) model()).forward(tokens, Tensor.ofInts(rows));
    }

    @Override
    protected String guessed() {
        return "hidden";
    }
}
