package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.model.Tokens;
import dev.attune.task.ClassLoss;
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
    private final ClassLoss loss;

    /** @param model a {@link SequenceClassifier} with one score for each label */
    public TextClassificationTask(PretrainedModel model, ProblemType problem, List<String> labels) {
        this(model, problem, labels, ClassLoss.PLAIN);
    }

    /** @param loss of classes; a regression has its own */
    public TextClassificationTask(PretrainedModel model, ProblemType problem, List<String> labels, ClassLoss loss) {
        this(model, new Labels(problem, List.copyOf(labels)), TaskOptions.DEFAULT, null, loss);
    }

    /** @param columns where reports find the texts; null if nobody knows */
    TextClassificationTask(
            PretrainedModel model, Labels labels, TaskOptions options, @Nullable TextColumns columns, ClassLoss loss) {
        this.model = model;
        this.classifier = (SequenceClassifier) model;
        this.labels = labels;
        this.options = options;
        this.columns = columns;
        this.loss = loss;
        classifier.problemType(labels.problem().key());
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    Labels labels() {
        return labels;
    }

    ClassLoss loss() {
        return loss;
    }

    @Override
    public List<String> classNames() {
        return labels.classNames();
    }

    @Override
    public int classOf(Example example) {
        return example.labels()[0];
    }

    /** Logits of a packed batch: (B, K), FLOAT32. */
    public Tensor forward(Batch batch) {
        return classifier.forward(Tokens.of(batch.ids(), batch.typeIds(), batch.lengths(), batch.keys()));
    }

    @Override
    public Tensor lossSum(Batch batch) {
        Tensor logits = forward(batch);
        var own = options.computeLoss();
        return own != null ? own.sum(logits, batch) : lossSum(logits, batch, loss);
    }

    /** Sum of the losses of all labels of a batch, which count alike. */
    public Tensor lossSum(Tensor logits, Batch batch, double labelSmoothing) {
        return lossSum(logits, batch, new ClassLoss(labelSmoothing));
    }

    private Tensor lossSum(Tensor logits, Batch batch, ClassLoss of) {
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION -> of.sum(logits, batch.labels());
            case MULTI_LABEL_CLASSIFICATION -> of.binarySum(logits, targets(batch));
            case REGRESSION -> Losses.squaredErrorSum(logits, targets(batch));
        };
    }

    private Tensor targets(Batch batch) {
        return Tensor.ofFloats(batch.targets(), batch.size(), labels.names().size()); // (B, K)
    }

    @Override
    public double weight(Batch batch) {
        return labels.problem() == ProblemType.SINGLE_LABEL_CLASSIFICATION
                ? loss.weight(batch.labels())
                : batch.targets().length;
    }

    @Override
    public double chanceLoss(Batch batch) {
        if (options.computeLoss() != null) return Double.NaN;
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION ->
                loss.chance(batch.labels(), labels.names().size());
            case MULTI_LABEL_CLASSIFICATION -> loss.binaryChance(batch.targets());
            case REGRESSION -> Double.NaN;
        };
    }

    @Override
    public Evaluation evaluation(EvaluationSet set) {
        LabelMetrics metrics = LabelMetrics.of(labels, set.rows(), columns);
        return new TextClassificationEvaluation(this, metrics, options);
    }
}
