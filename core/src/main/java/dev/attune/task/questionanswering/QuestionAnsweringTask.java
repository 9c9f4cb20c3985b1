package dev.attune.task.questionanswering;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.model.PretrainedModel;
import dev.attune.model.TokenScorer;
import dev.attune.model.Tokens;
import dev.attune.task.ClassLoss;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Forward pass and loss of question answering: two scores for each token, and for each window the mean of two cross
 * entropies over its tokens. In the reference the softmax goes over the padding of the batch as well.
 */
final class QuestionAnsweringTask implements Task {
    private final PretrainedModel model;
    private final Tokenizer tokenizer;
    private final QuestionAnsweringSettings settings;
    private final QuestionColumns columns;
    private final TaskOptions options;
    private final ClassLoss weights;

    QuestionAnsweringTask(
            PretrainedModel model,
            Tokenizer tokenizer,
            QuestionAnsweringSettings settings,
            QuestionColumns columns,
            TaskOptions options) {
        this(model, tokenizer, settings, columns, options, ClassLoss.PLAIN);
    }

    /** @param weights of windows that hold the answer, and of those that do not */
    QuestionAnsweringTask(
            PretrainedModel model,
            Tokenizer tokenizer,
            QuestionAnsweringSettings settings,
            QuestionColumns columns,
            TaskOptions options,
            ClassLoss weights) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.columns = columns;
        this.options = options;
        this.weights = weights;
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    /** The logits (N, 2) of a packed batch: of being the first token of the answer, and the last one. */
    static Tensor forward(PretrainedModel model, Batch batch) {
        return ((TokenScorer) model).forward(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys()));
    }

    Tensor forward(Batch batch) {
        return forward(model, batch);
    }

    /** Each window counts alike, however long it is, or as its class does. */
    @Override
    public double weight(Batch batch) {
        double sum = 0;
        for (int b = 0; b < batch.size(); b++) sum += weight(batch, b);
        return sum;
    }

    /** Of one window of a batch. */
    double weight(Batch batch, int b) {
        return weights.weight(Answerable.of(batch, b));
    }

    @Override
    public List<String> classNames() {
        return Answerable.NAMES;
    }

    @Override
    public int classOf(Example example) {
        return Answerable.of(example);
    }

    @Override
    public Tensor lossSum(Batch batch) {
        Tensor logits = forward(batch);
        var own = options.computeLoss();
        return own != null ? own.sum(logits, batch) : lossSum(logits, batch);
    }

    private Tensor lossSum(Tensor logits, Batch batch) {
        @Nullable Tensor sum = null;
        int from = 0;
        for (int b = 0; b < batch.size(); b++) {
            long[] tokens = IntStream.range(from, from + batch.lengths()[b])
                    .asLongStream()
                    .toArray();
            Tensor scores = logits.rows(Tensor.ofLongs(tokens, tokens.length)).transpose(0, 1); // (2, T)
            int[] span = {batch.labels()[2 * b], batch.labels()[2 * b + 1]};
            Tensor loss = Losses.crossEntropySum(scores, Tensor.ofInts(span), 0);
            double weight = weight(batch, b);
            if (weight != 1) loss = loss.mul(weight);
            sum = sum == null ? loss : sum.add(loss);
            from += batch.lengths()[b];
        }
        return Objects.requireNonNull(sum).div(2);
    }

    /** An answer may begin and end at any token of its window. */
    @Override
    public double chanceLoss(Batch batch) {
        if (options.computeLoss() != null) return Double.NaN;
        double sum = 0;
        for (int b = 0; b < batch.size(); b++) sum += weight(batch, b) * Math.log(batch.lengths()[b]);
        return sum / weight(batch);
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        return new QuestionAnsweringEvaluation(this, tokenizer, settings, columns, options, set);
    }
}
