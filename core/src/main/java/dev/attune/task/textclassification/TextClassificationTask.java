package dev.attune.task;

import dev.attune.data.Batch;
import dev.attune.metric.ClassificationMetrics;
import dev.attune.metric.Confusion;
import dev.attune.metric.MultiLabelMetrics;
import dev.attune.metric.RegressionMetrics;
import dev.attune.model.PretrainedModel;
import dev.attune.model.SequenceClassifier;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Text classification: a text, or a pair of texts, gets one label, several labels or a number. Head, loss and metric are
 * those of {@code …ForSequenceClassification} in Hugging Face transformers.
 */
public final class TextClassification implements TrainableTask {
    private final PretrainedModel model;
    private final SequenceClassifier classifier;
    private final ProblemType problem;
    private final List<String> labels;

    /** @param model a {@link SequenceClassifier} with one score for each of {@code labels} */
    public TextClassification(PretrainedModel model, ProblemType problem, List<String> labels) {
        this.model = model;
        this.classifier = (SequenceClassifier) model;
        this.problem = problem;
        this.labels = List.copyOf(labels);
        classifier.problemType(problem.key());
    }

    @Override
    public PretrainedModel model() {
        return model;
    }

    public ProblemType problem() {
        return problem;
    }

    /** Label names in the order of their ids. */
    public List<String> labels() {
        return labels;
    }

    @Override
    public Tensor forward(Batch batch) {
        SequenceLayout layout = new SequenceLayout(batch.lengths());
        return classifier.forward(Tensor.ofInts(batch.ids()), Tensor.ofInts(batch.typeIds()), layout); // (B, K)
    }

    @Override
    public Tensor lossSum(Tensor logits, Batch batch, double labelSmoothing) {
        return switch (problem) {
            case SINGLE_LABEL_CLASSIFICATION ->
                Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), labelSmoothing);
            case MULTI_LABEL_CLASSIFICATION -> Losses.binaryCrossEntropySum(logits, targets(batch));
            case REGRESSION -> Losses.squaredErrorSum(logits, targets(batch));
        };
    }

    private Tensor targets(Batch batch) {
        return Tensor.ofFloats(batch.targets(), batch.size(), labels.size()); // (B, K)
    }

    @Override
    public int items(Batch batch) {
        return problem == ProblemType.SINGLE_LABEL_CLASSIFICATION ? batch.labels().length : batch.targets().length;
    }

    @Override
    public Evaluation evaluation() {
        return switch (problem) {
            case SINGLE_LABEL_CLASSIFICATION -> new ClassEvaluation(labels.size());
            case MULTI_LABEL_CLASSIFICATION -> new MultiLabelEvaluation(new MultiLabelMetrics(labels.size()));
            case REGRESSION -> new RegressionEvaluation(new RegressionMetrics());
        };
    }

    /** Counts of label against prediction; kept for the report at the end of a run. */
    public static final class ClassEvaluation implements Evaluation {
        private final Confusion confusion;

        ClassEvaluation(int classes) {
            confusion = new Confusion(classes);
        }

        @Override
        public void add(Tensor logits, Batch batch) {
            long[] predicted = logits.argmax().toLongs();
            for (int i = 0; i < predicted.length; i++) confusion.add(batch.labels()[i], (int) predicted[i]);
        }

        @Override
        public Map<String, Double> results() {
            return new ClassificationMetrics(confusion).compute();
        }

        public Confusion confusion() {
            return confusion;
        }
    }

    private record MultiLabelEvaluation(MultiLabelMetrics metrics) implements Evaluation {
        @Override
        public void add(Tensor logits, Batch batch) {
            metrics.add(batch.targets(), logits.toFloats());
        }

        @Override
        public Map<String, Double> results() {
            return metrics.compute();
        }
    }

    private record RegressionEvaluation(RegressionMetrics metrics) implements Evaluation {
        @Override
        public void add(Tensor logits, Batch batch) {
            metrics.add(batch.targets(), logits.toFloats());
        }

        @Override
        public Map<String, Double> results() {
            return metrics.compute();
        }
    }
}
