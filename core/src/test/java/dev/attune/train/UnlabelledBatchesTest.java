package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.RowLoss;
import dev.attune.task.Task;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A task that ignores the label -100, as tasks on tokens do: a batch may be left without a label. */
class UnlabelledBatchesTest {
    private record Ignoring(TextClassificationTask all) implements Task {
        @Override
        public PretrainedModel model() {
            return all.model();
        }

        @Override
        public double weight(Batch batch) {
            return Arrays.stream(batch.labels()).filter(label -> label != -100).count();
        }

        @Override
        public Tensor lossSum(Batch batch) {
            return all.lossSum(batch);
        }

        @Override
        public int batchTokens() {
            return 4;
        }

        @Override
        public Evaluation evaluation(EvaluationSet set) {
            return new Evaluation() {
                private int batches;

                @Override
                public RowLoss add(Batch batch) {
                    batches++;
                    double[] sums = new double[batch.size()];
                    double[] weights = new double[batch.size()];
                    for (int i = 0; i < sums.length; i++) {
                        weights[i] = batch.labels()[i] == -100 ? 0 : 1;
                        sums[i] = 3 * weights[i];
                    }
                    return new RowLoss(sums, weights);
                }

                @Override
                public Map<String, Double> results() {
                    return Map.of("batches", (double) batches);
                }

                @Override
                public List<Artifact> artifacts() {
                    return List.of();
                }
            };
        }
    }

    private static List<Example> examples(int... labels) {
        List<Example> examples = new ArrayList<>();
        for (int label : labels) {
            examples.add(new Example(new int[] {2, 5, 6, 3}, new int[4], new int[] {label}, new float[0]));
        }
        return examples;
    }

    @Test
    void aStepWithoutALabelIsNoDivergence() {
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(2)
                .maxSteps(3)
                .trainSamplingStrategy(SamplingStrategy.SEQUENTIAL)
                .loggingSteps(1)
                .build();
        List<LogEvent> logs = new ArrayList<>();
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            Task task = new Ignoring(new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels()));
            EvaluationSet eval = EvaluationSet.of(examples(0, -100, 1));
            new Trainer(args, task, Examples.of(examples(0, -100, -100, -100, 1, 1)), eval, new TrainingListener() {
                        @Override
                        public void onStepEnd(LogEvent event) {
                            logs.add(event);
                        }
                    })
                    .run();
            assertThat(logs).extracting(LogEvent::step).containsExactly(1, 2, 3);
            assertThat(logs.get(1).loss()).isZero();
            assertThat(logs.get(1).gradNorm()).isZero();
            assertThat(logs.get(0).loss()).isPositive();
            assertThat(logs.get(2).loss()).isPositive().isFinite();

            Map<String, Double> results =
                    Evaluator.evaluate(task, eval, 1, DType.FLOAT32, "eval_").results();
            assertThat(results).containsEntry("eval_loss", 3.0);
            assertThat(results).as("as many tokens at once as the task says").containsEntry("eval_batches", 3.0);
        }
    }

    /** The reference ends such a run with a loss of 0 and exit code 0. */
    @Test
    void aTrainingWithoutAnyLabelIsAMistakeInTheData() {
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(2)
                .build();
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            Task task = new Ignoring(new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels()));
            Trainer trainer = new Trainer(
                    args, task, Examples.of(examples(-100, -100, -100)), EvaluationSet.NONE, TrainingListener.SILENT);
            assertThatThrownBy(trainer::run)
                    .isInstanceOf(DataException.class)
                    .hasMessage("None of the 3 training examples had a label to learn from, so nothing was learned."
                            + " Check the labels, and the column that they are in.");
        }
    }
}
