package dev.attune.task.text2text;

import dev.attune.data.Batch;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.PretrainedModel;
import dev.attune.model.Tokens;
import dev.attune.nn.CrossLayout;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Guesses;
import dev.attune.task.TaskOptions;
import dev.attune.task.WordTask;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each token of a text is guessed by a model that has read another text, and the tokens before it. */
final class Text2TextTask extends WordTask {
    private final @Nullable Writing writing;
    private final List<String> textMetrics;
    private final List<String> quoted;

    /**
     * @param words how many there are to choose from
     * @param quoted columns from which an evaluation quotes the rows that are hardest; empty for none
     * @param writing lets evaluations write; null if they do not
     * @param textMetrics what is compared of texts that were written; empty for the usual ones
     */
    Text2TextTask(
            PretrainedModel model,
            TaskOptions options,
            int words,
            List<String> quoted,
            @Nullable Writing writing,
            List<String> textMetrics) {
        super(model, options, words, batchTokens(words, 1), quoted);
        this.writing = writing;
        this.textMetrics = textMetrics;
        this.quoted = quoted;
    }

    @Override
    protected Guesses guesses(Batch batch) {
        // The labels are the rows of what the decoder reads, each a token further.
        return Guesses.of(batch.labels(), batch.labelLengths(), place -> place);
    }

    @Override
    protected Tensor logits(Batch batch, int[] rows) {
        EncoderDecoder model = (EncoderDecoder) model();
        Tokens read = Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys());
        int[] ids = shifted(model, batch);
        Tokens written = Tokens.of(ids, new int[ids.length], batch.labelLengths(), batch.keys());
        CrossLayout across = CrossLayout.of(written.layout(), read.layout());
        return model.forward(written, model.encode(read), across, Tensor.ofInts(rows));
    }

    private static int[] shifted(EncoderDecoder model, Batch batch) {
        int[] all = new int[batch.labels().length];
        int from = 0;
        for (int length : batch.labelLengths()) {
            int[] text = Arrays.copyOfRange(batch.labels(), from, from + length);
            System.arraycopy(model.shifted(text), 0, all, from, length);
            from += length;
        }
        return all;
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        Evaluation losses = super.evaluation(set);
        return writing == null ? losses : new WritingEvaluation(losses, writing, set, textMetrics, quoted);
    }
}
