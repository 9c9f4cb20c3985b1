package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.RowLoss;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Loss and metrics on the golden heads of {@code parity/make_head_golden.py}. */
class FillMaskTaskTest {
    private static final Path HEADS = Golden.path("model/heads");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"masked-a", "masked-b"})
    void lossIsThatOfTheReference(String name) {
        List<Example> examples = examples(HEADS.resolve(name));
        Batch batch = Batch.of(examples);
        try (PretrainedModel model = load(name);
                Weights expected = Safetensors.open(HEADS.resolve(name).resolve("expected.safetensors"));
                Scope scope = Scope.open()) {
            double loss = Golden.floats(expected, "loss")[0];
            FillMaskTask task = new FillMaskTask(model, TaskOptions.DEFAULT, 40, 64, List.of());
            long labels =
                    Arrays.stream(batch.labels()).filter(label -> label >= 0).count();
            assertThat(task.weight(batch)).isEqualTo(labels);
            assertThat(task.lossSum(batch).item() / labels).isCloseTo(loss, within(1e-5));

            Evaluation evaluation = task.evaluation(EvaluationSet.of(examples));
            RowLoss rows = evaluation.add(batch);
            assertThat(Arrays.stream(rows.weights()).sum()).isEqualTo(labels);
            assertThat(Arrays.stream(rows.sums()).sum() / labels).isCloseTo(loss, within(1e-5));
            Map<String, Double> results = evaluation.results();
            assertThat(results).containsOnlyKeys("loss", "perplexity", "accuracy");
            assertThat(results.get("loss")).isCloseTo(loss, within(1e-5));
            assertThat(results.get("perplexity")).isCloseTo(Math.exp(loss), within(1e-4 * Math.exp(loss)));
            float[] logits = Golden.floats(expected, "logits");
            assertThat(results.get("accuracy")).isEqualTo(accuracy(logits, batch.labels(), (int) labels));

            // One row at a time: the same sums, and so the same mean over tokens.
            Evaluation single = task.evaluation(EvaluationSet.of(examples));
            for (int i = 0; i < examples.size(); i++) {
                RowLoss one = single.add(Batch.of(examples, new int[] {i}));
                assertThat(one.sums()[0]).isCloseTo(rows.sums()[i], within(1e-4));
                assertThat(one.weights()[0]).isEqualTo(rows.weights()[i]);
            }
            assertThat(single.results().get("loss")).isCloseTo(loss, within(1e-5));
        }
    }

    /** Of 25 rows the 20 hardest are kept, by loss a token and not by the sum over a row. */
    @Test
    void theHardestRowsAreShown() throws IOException {
        List<Example> few = examples(HEADS.resolve("masked-a"));
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 25; i++) examples.add(few.get(i % few.size()));
        StringBuilder csv = new StringBuilder("text\n");
        for (int i = 0; i < 25; i++) csv.append("text ").append(i).append('\n');
        Dataset rows =
                Datasets.read(Files.writeString(temp.resolve("rows.csv"), csv).toString());
        try (PretrainedModel model = load("masked-a");
                Scope scope = Scope.open()) {
            FillMaskTask task = new FillMaskTask(model, TaskOptions.DEFAULT, 40, 64, List.of("text"));
            Evaluation evaluation = task.evaluation(new EvaluationSet(Examples.of(examples), rows));
            RowLoss losses = evaluation.add(Batch.of(examples));
            Artifact.Table table =
                    (Artifact.Table) evaluation.artifacts().stream().findFirst().orElseThrow();
            assertThat(table.quotes()).isTrue();
            assertThat(table.columns()).containsExactly("row", "loss", "hidden", "text");
            List<Integer> order = IntStream.range(0, 25)
                    .filter(i -> losses.weights()[i] > 0)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -losses.sums()[i] / losses.weights()[i]))
                    .limit(20)
                    .toList();
            assertThat(order).hasSizeGreaterThan(10);
            assertThat(table.rows()).hasSize(order.size());
            for (int k = 0; k < order.size(); k++) {
                int i = order.get(k);
                assertThat(table.rows().get(k).get(0)).isEqualTo("rows.csv line " + (i + 2));
                assertThat((Double) table.rows().get(k).get(1)).isEqualTo(losses.sums()[i] / losses.weights()[i]);
                assertThat(table.rows().get(k).get(2)).isEqualTo((long) losses.weights()[i]);
                assertThat(table.rows().get(k).get(3)).isEqualTo("text " + i);
            }
        }
    }

    @Test
    void smoothingIsThatOfTheTraining() {
        List<Example> examples = examples(HEADS.resolve("masked-a"));
        Batch batch = Batch.of(examples);
        try (PretrainedModel model = load("masked-a");
                Scope scope = Scope.open()) {
            FillMaskTask task = new FillMaskTask(model, new TaskOptions(0.1, null, null), 40, 64, List.of());
            Evaluation evaluation = task.evaluation(EvaluationSet.of(examples));
            evaluation.add(batch);
            assertThat(evaluation.results().get("loss"))
                    .isCloseTo(task.lossSum(batch).item() / task.weight(batch), within(1e-5));
        }
    }

    @Test
    void aBatchWithoutHiddenTokensHasALossOfZero() {
        Example example = new Example(new int[] {2, 7, 3}, new int[3], new int[] {-100, -100, -100}, new float[0]);
        Batch batch = Batch.of(List.of(example));
        try (PretrainedModel model = load("masked-a");
                Scope scope = Scope.open()) {
            FillMaskTask task = new FillMaskTask(model, TaskOptions.DEFAULT, 40, 64, List.of());
            Tensor loss = task.lossSum(batch);
            assertThat(task.weight(batch)).isZero();
            assertThat(loss.item()).isZero();
            loss.backward();
            Evaluation evaluation = task.evaluation(EvaluationSet.of(List.of(example)));
            RowLoss rows = Grad.off(() -> evaluation.add(batch));
            assertThat(rows.sums()).containsExactly(0);
            assertThat(rows.weights()).containsExactly(0);
            assertThat(evaluation.results()).isEmpty();
        }
    }

    private static PretrainedModel load(String name) {
        PretrainedModel model = Models.load(HEADS.resolve(name), Head.MASKED_LM, config -> config)
                .model();
        model.train(false);
        return model;
    }

    private static double accuracy(float[] logits, int[] labels, int count) {
        int[] chosen = Arrays.stream(labels).filter(label -> label >= 0).toArray();
        int words = logits.length / count;
        int right = 0;
        for (int m = 0; m < count; m++) {
            int best = 0;
            for (int k = 1; k < words; k++) if (logits[m * words + k] > logits[m * words + best]) best = k;
            if (best == chosen[m]) right++;
        }
        return (double) right / count;
    }

    private static List<Example> examples(Path folder) {
        JsonNode json = Golden.json(folder.resolve("inputs.json"));
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < json.get("ids").size(); i++) {
            examples.add(new Example(
                    Golden.ints(json.get("ids").get(i)),
                    Golden.ints(json.get("type_ids").get(i)),
                    Golden.ints(json.get("labels").get(i)),
                    new float[0]));
        }
        return examples;
    }
}
