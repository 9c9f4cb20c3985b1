package dev.attune.task.questionanswering;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.task.Artifact;
import dev.attune.task.Evaluation;
import dev.attune.task.EvaluationSet;
import dev.attune.task.RowLoss;
import dev.attune.task.TaskOptions;
import dev.attune.task.WorstRows;
import dev.attune.tensor.Tensor;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Loss of the windows, and the answers to whole questions. Scores are kept until the last window of a question has come; what
 * then stays of it is its best answers.
 */
final class QuestionAnsweringEvaluation implements Evaluation {
    private static final int BARS = 10;

    private final QuestionAnsweringTask task;
    private final Tokenizer tokenizer;
    private final QuestionAnsweringSettings settings;
    private final TaskOptions options;
    private final Examples examples;
    private final @Nullable QuestionRows rows;
    /** Of each row its first example, and where the next row begins. */
    private final Map<Integer, int[]> places = new HashMap<>();
    /** Scores of the windows of questions that are not complete. */
    private final Map<Integer, WindowScores[]> waiting = new HashMap<>();

    private final Map<Integer, BestAnswers> answered = new HashMap<>();

    QuestionAnsweringEvaluation(
            QuestionAnsweringTask task,
            Tokenizer tokenizer,
            QuestionAnsweringSettings settings,
            QuestionColumns columns,
            TaskOptions options,
            EvaluationSet set) {
        this.task = task;
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.options = options;
        this.examples = set.examples();
        Dataset data = set.rows();
        this.rows = data == null ? null : new QuestionRows(data, columns);
        for (int i = 0; i < examples.size(); i++) {
            int place = i;
            places.computeIfAbsent(examples.row(i), row -> new int[] {place, place})[1]++;
        }
    }

    @Override
    public RowLoss add(Batch batch) {
        Tensor output = task.forward(batch); // (N, 2)
        List<WindowScores> scores = WindowScores.of(batch, output.toFloats());
        double[] sums = new double[batch.size()];
        double[] weights = new double[batch.size()];
        for (int i = 0; i < weights.length; i++) weights[i] = task.weight(batch, i);
        var own = options.computeLoss();
        if (own != null) Arrays.fill(sums, own.sum(output, batch).item() / batch.size()); // only the sum is known
        for (int i = 0; i < batch.size(); i++) {
            if (own == null)
                sums[i] = weights[i] * scores.get(i).loss(batch.labels()[2 * i], batch.labels()[2 * i + 1]);
            if (rows != null) take(batch.rows()[i], scores.get(i), rows);
        }
        return new RowLoss(sums, weights);
    }

    private void take(int example, WindowScores scores, QuestionRows from) {
        int row = examples.row(example);
        int[] range = places.get(row);
        int count = range[1] - range[0];
        WindowScores[] some = waiting.computeIfAbsent(row, key -> new WindowScores[count]);
        some[example - range[0]] = scores;
        for (WindowScores each : some) if (each == null) return;
        waiting.remove(row);
        answered.put(row, answer(row, range[0], some, from));
    }

    /** The examples have no places in the text: the windows are cut once more. */
    private BestAnswers answer(int row, int first, WindowScores[] scores, QuestionRows from) {
        QuestionInput input = from.input(row);
        int maxLength = scores.length == 1 ? Integer.MAX_VALUE : examples.length(first); // the first of several is full
        List<Encoding> cut = new Windows(tokenizer, maxLength, settings.docStride()).of(input);
        if (cut.size() != scores.length) {
            throw new DataException(from.where(row) + ": the question was encoded as " + scores.length
                    + " windows, but is " + cut.size() + " now. Encode it with the settings of the evaluation.");
        }
        List<BestAnswers.Window> windows = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            windows.add(new BestAnswers.Window(scores[i], BestAnswers.offsets(cut.get(i))));
        }
        return BestAnswers.of(windows, input.context(), settings);
    }

    @Override
    public Map<String, Double> results() {
        return rows == null ? Map.of() : results(rows, new ArrayList<>());
    }

    /** @param f1 takes F1 of each question */
    private Map<String, Double> results(QuestionRows from, List<Double> f1) {
        boolean negative = Boolean.TRUE.equals(settings.version2WithNegative());
        AnswerMetrics metrics = new AnswerMetrics(negative, true);
        for (int row : order()) {
            BestAnswers best = answered.get(row);
            f1.add(metrics.add(from.texts(row), best.answer(), best.certain(), best.nullOdds()));
        }
        return metrics.results();
    }

    private List<Integer> order() {
        return answered.keySet().stream().sorted().toList();
    }

    @Override
    public List<Artifact> artifacts() {
        if (rows == null || answered.isEmpty()) return List.of();
        List<Double> f1 = new ArrayList<>();
        results(rows, f1);
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(Artifact.Histogram.of(
                "f1",
                "F1 of the answers",
                "F1",
                f1.stream().mapToDouble(value -> value).toArray(),
                0,
                1,
                BARS));
        worst(rows, f1).ifPresent(artifacts::add);
        artifacts.addAll(documents(rows));
        return artifacts;
    }

    private Optional<Artifact> worst(QuestionRows from, List<Double> f1) {
        WorstRows worst = new WorstRows(
                from.data(), List.of(from.columns().question(), from.columns().context()));
        List<Integer> order = order();
        for (int i = 0; i < order.size(); i++) {
            if (f1.get(i) >= 1) continue;
            int row = order.get(i);
            BestAnswers best = answered.get(row);
            // Of equally wrong answers the one that the model was surer of.
            double sure = best.probabilities()[0];
            List<String> truths = from.texts(row);
            worst.add(
                    1 - f1.get(i) + 1e-3 * sure,
                    row,
                    f1.get(i),
                    best.answer().isEmpty() ? "(no answer)" : best.answer(),
                    truths.isEmpty() ? "(no answer)" : truths.get(0));
        }
        return worst.table("worst", "Worst answers", List.of("F1", "answer", "truth"));
    }

    /** The files of {@code run_qa.py}. */
    private List<Artifact> documents(QuestionRows from) {
        Map<String, Object> predictions = new LinkedHashMap<>();
        Map<String, Object> nbest = new LinkedHashMap<>();
        Map<String, Object> odds = new LinkedHashMap<>();
        for (int row : order()) {
            BestAnswers best = answered.get(row);
            predictions.put(from.id(row), best.answer());
            nbest.put(from.id(row), best.json(from.context(row)));
            odds.put(from.id(row), best.nullOdds());
        }
        List<Artifact> documents = new ArrayList<>();
        documents.add(new Artifact.Document("predictions", "Answers", predictions));
        documents.add(new Artifact.Document("nbest_predictions", "Best answers", nbest));
        if (Boolean.TRUE.equals(settings.version2WithNegative())) {
            documents.add(new Artifact.Document("null_odds", "What speaks for no answer", odds));
        }
        return documents;
    }
}
