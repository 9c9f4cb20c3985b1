package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.model.Tokens;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forward pass and loss of text classification, for all three kinds of problem. */
public final class TextClassificationTask implements Task {
    private final PretrainedModel model;
    private final SequenceClassifier classifier;
    private final Labels labels;
    private final TaskOptions options;
    private final @Nullable TextColumns columns;

    /** @param model a {@link SequenceClassifier} with one score for each label */
    public TextClassificationTask(PretrainedModel model, ProblemType problem, List<String> labels) {
        this(model, new Labels(problem, List.copyOf(labels)), TaskOptions.DEFAULT, null);
    }

    /** @param columns where reports find the texts; null if nobody knows */
    TextClassificationTask(PretrainedModel model, Labels labels, TaskOptions options, @Nullable TextColumns columns) {
        this.model = model;
        this.classifier = (SequenceClassifier) model;
        this.labels = labels;
        this.options = options;
        this.columns = columns;
        classifier.problemType(labels.problem().key());
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    Labels labels() {
        return labels;
    }

    /** Logits of a packed batch: (B, K), FLOAT32. */
    public Tensor forward(Batch batch) {
        return classifier.forward(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys()));
    }

    @Override
    public Tensor lossSum(Batch batch) {
        Tensor logits = forward(batch);
        var own = options.computeLoss();
        return own != null ? own.sum(logits, batch) : lossSum(logits, batch, options.labelSmoothing());
    }

    /** Sum of the losses of all labels of a batch. */
    public Tensor lossSum(Tensor logits, Batch batch, double labelSmoothing) {
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION ->
                Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), labelSmoothing);
            case MULTI_LABEL_CLASSIFICATION -> Losses.binaryCrossEntropySum(logits, targets(batch));
            case REGRESSION -> Losses.squaredErrorSum(logits, targets(batch));
        };
    }

    private Tensor targets(Batch batch) {
        return Tensor.ofFloats(batch.targets(), batch.size(), labels.names().size()); // (B, K)
    }

    @Override
    public double weight(Batch batch) {
        return labels.problem() == ProblemType.SINGLE_LABEL_CLASSIFICATION
                ? batch.labels().length
                : batch.targets().length;
    }

    @Override
    public double chanceLoss(Batch batch) {
        if (options.computeLoss() != null) return Double.NaN;
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION -> Math.log(labels.names().size());
            case MULTI_LABEL_CLASSIFICATION -> Math.log(2);
            case REGRESSION -> Double.NaN;
        };
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        LabelMetrics metrics = LabelMetrics.of(labels, set.rows(), columns);
        return new TextClassificationEvaluation(this, metrics, options);
    }
}
