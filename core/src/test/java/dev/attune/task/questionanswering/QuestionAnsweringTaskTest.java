package dev.attune.task.questionanswering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Batch;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Artifact;
import dev.attune.task.ClassLoss;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Part;
import dev.attune.task.RowLoss;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Loss on the golden heads of {@code parity/make_head_golden.py}, and evaluations whose windows come in any order. */
class QuestionAnsweringTaskTest {
    private static final QuestionColumns COLUMNS = new QuestionColumns("question", "context", "answers", null, null);
    private static final Path MODEL = Golden.path("task/questionanswering/model");

    private static PretrainedModel load(Path folder) {
        return Models.load(folder, Head.QUESTION_ANSWERING, UnaryOperator.identity())
                .model();
    }

    @ParameterizedTest
    @ValueSource(strings = {"question-a", "question-b"})
    void lossIsThatOfTheReference(String name) {
        Path folder = Golden.path("model/heads/" + name);
        JsonNode json = Golden.json(folder.resolve("inputs.json"));
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < json.get("ids").size(); i++) {
            examples.add(new Example(
                    Golden.ints(json.get("ids").get(i)),
                    Golden.ints(json.get("type_ids").get(i)),
                    Golden.ints(json.get("labels").get(i)),
                    new float[0]));
        }
        Batch batch = Batch.of(examples);
        try (PretrainedModel model = load(folder);
                Tokenizer tokenizer = Tokenizer.load(MODEL);
                Weights expected = Safetensors.open(folder.resolve("expected.safetensors"));
                Scope scope = Scope.open()) {
            double loss = Golden.floats(expected, "loss")[0];
            var task = new QuestionAnsweringTask(
                    model, tokenizer, QuestionAnsweringSettings.DEFAULT, COLUMNS, TaskOptions.DEFAULT);
            assertThat(task.weight(batch)).isEqualTo(examples.size());
            assertThat(task.lossSum(batch).item() / examples.size()).isCloseTo(loss, within(1e-5));
            Evaluation evaluation = task.evaluation(EvaluationSet.of(examples));
            RowLoss rows = evaluation.add(batch);
            assertThat(Arrays.stream(rows.sums()).sum() / examples.size()).isCloseTo(loss, within(1e-5));
            assertThat(rows.weights()).containsOnly(1);
            assertThat(evaluation.results()).as("nobody knows the questions").isEmpty();

            var weighed = new QuestionAnsweringTask(
                    model,
                    tokenizer,
                    QuestionAnsweringSettings.DEFAULT,
                    COLUMNS,
                    TaskOptions.DEFAULT,
                    new ClassLoss(new double[] {0.5, 3}, 0, 0));
            double sumOfAll = 0;
            double weightOfAll = 0;
            for (int i = 0; i < examples.size(); i++) {
                double weight = examples.get(i).labels()[0] == 0 ? 3 : 0.5;
                weightOfAll += weight;
                sumOfAll += weight * rows.sums()[i];
            }
            assertThat(weighed.weight(batch)).isEqualTo(weightOfAll);
            assertThat(weighed.lossSum(batch).item()).isCloseTo(sumOfAll, within(1e-4));
            RowLoss weighedRows = weighed.evaluation(EvaluationSet.of(examples)).add(batch);
            assertThat(Arrays.stream(weighedRows.sums()).sum()).isCloseTo(sumOfAll, within(1e-4));
            assertThat(Arrays.stream(weighedRows.weights()).sum()).isEqualTo(weightOfAll);

            var own = new TaskOptions(0, (logits, some) -> logits.sum(), null);
            var changed = new QuestionAnsweringTask(model, tokenizer, QuestionAnsweringSettings.DEFAULT, COLUMNS, own);
            double sum = task.forward(batch).sum().item();
            assertThat(changed.lossSum(batch).item()).isCloseTo(sum, within(1e-4));
            RowLoss given = changed.evaluation(EvaluationSet.of(examples)).add(batch);
            assertThat(Arrays.stream(given.sums()).sum()).isCloseTo(sum, within(1e-4));
        }
    }

    @Test
    void theOrderOfTheWindowsDoesNotMatter() {
        List<Map<String, Object>> questions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String context = "the old shop in town ".repeat(1 + i % 5) + "opened on monday by anna "
                    + "it was very long ".repeat(i);
            questions.add(Map.of(
                    "id",
                    "q" + i,
                    "question",
                    "who opened it ?",
                    "context",
                    context,
                    "answers",
                    i % 3 == 0 ? List.of() : Map.of("text", "anna", "answer_start", context.indexOf("anna"))));
        }
        Dataset rows = Datasets.of("mine", questions);
        TaskInput input = new TaskInput(rows, null, TaskOptions.DEFAULT, 42, DataCache.off());
        try (PretrainedModel model = load(MODEL);
                Tokenizer tokenizer = Tokenizer.load(MODEL)) {
            var data = new QuestionAnswering()
                    .prepare(QuestionAnsweringSettings.builder().docStride(6).build(), input);
            Examples examples = data.encode(Part.VALIDATION, rows, tokenizer, 24, DataCache.off())
                    .examples();
            assertThat(examples.size()).isGreaterThan(30);
            int[] order = new int[examples.size()];
            for (int i = 0; i < order.length; i++) order[i] = i;
            Evaluation forwards = evaluated(
                    data.bind(model, tokenizer).evaluation(new EvaluationSet(examples, rows)), examples, order);
            for (int i = 0; i < order.length; i++) order[i] = order.length - 1 - i;
            Evaluation backwards = evaluated(
                    data.bind(model, tokenizer).evaluation(new EvaluationSet(examples, rows)), examples, order);
            assertThat(backwards.results()).isEqualTo(forwards.results()).containsEntry("NoAns_total", 4.0);
            List<Artifact> artifacts = forwards.artifacts();
            assertThat(artifacts)
                    .extracting(Artifact::name)
                    .containsExactly("f1", "worst", "predictions", "nbest_predictions", "null_odds");
            assertThat(backwards.artifacts().get(2)).isEqualTo(artifacts.get(2));
            assertThat(((Map<?, ?>) ((Artifact.Document) artifacts.get(2)).content())
                            .keySet().stream().map(String::valueOf))
                    .hasSize(12)
                    .contains("q0", "q11");
        }
    }

    private static Evaluation evaluated(Evaluation evaluation, Examples examples, int[] order) {
        Grad.off(() -> {
            for (int from = 0; from < order.length; from += 5) {
                try (Scope scope = Scope.open()) {
                    evaluation.add(Batch.of(
                            examples, Arrays.copyOfRange(order, from, Math.min(order.length, from + 5)), 0, 0));
                }
            }
            return true;
        });
        return evaluation;
    }
}
