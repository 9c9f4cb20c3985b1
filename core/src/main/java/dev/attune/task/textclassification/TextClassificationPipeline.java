package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.Scores;
import dev.attune.task.ServedModel;
import dev.attune.task.TextEncoder;
import dev.attune.task.TextRows;
import dev.attune.task.textclassification.TextAnswer.Prediction;
import dev.attune.task.textclassification.TextClassificationAnswers.ScoreFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuned classifier ready to answer.
 *
 * <pre>{@code
 * try (var classifier = TextClassificationPipeline.load("runs/quickstart")) {
 *     System.out.println(classifier.predict("I lost my card"));
 * }
 * }</pre>
 *
 * <p>Give it many texts at once where there are many: they are computed in the order of their lengths, and answered in
 * yours. Several threads may ask at the same time; closing waits for them.
 */
public final class TextClassificationPipeline implements Pipeline<TextInput, TextAnswer> {
    private final ServedModel served;
    private final TextClassificationTask task;
    private final Labels labels;
    private final ScoreFunction function;
    private final TextClassificationAnswers asked;
    private final TextEncoder encoder;
    private final FineTuned model;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, TextColumns> columns = new ConcurrentHashMap<>();

    private TextClassificationPipeline(FineTuned model, ServedModel served, TextClassificationAnswers asked) {
        ModelConfig config = served.model().config();
        this.served = served;
        this.labels = new Labels(ProblemType.of(config), config.labels());
        this.function = asked.functionToApply() != null ? asked.functionToApply() : function(config, labels);
        this.task = new TextClassificationTask(served.model(), labels.problem(), labels.names());
        this.asked = asked;
        this.encoder = new TextEncoder(served.tokenizer(), served.maxLength());
        this.model = model;
    }

    /** The rule of the Hugging Face pipeline; a single score without a word about it is taken for a probability there. */
    private static ScoreFunction function(ModelConfig config, Labels labels) {
        String named = config.text("function_to_apply", "");
        for (ScoreFunction function : ScoreFunction.values())
            if (function.toString().equals(named)) return function;
        if (!config.has("problem_type") && labels.names().size() == 1) return ScoreFunction.SIGMOID;
        return switch (labels.problem()) {
            case SINGLE_LABEL_CLASSIFICATION -> ScoreFunction.SOFTMAX;
            case MULTI_LABEL_CLASSIFICATION -> ScoreFunction.SIGMOID;
            case REGRESSION -> ScoreFunction.NONE;
        };
    }

    /**
     * Loads a model folder with a classification head, or anything else that {@link dev.attune.hub.Hub#resolve}
     * understands. A folder that a run of Attune left is used with the length limit of its training.
     */
    public static TextClassificationPipeline load(String model) {
        return load(FineTuned.open(model), TextClassificationAnswers.BEST);
    }

    /** As {@link #load(String)}, with other answers than the best label: {@code top_k}, a threshold. */
    public static TextClassificationPipeline load(FineTuned model, TextClassificationAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.SEQUENCE_CLASSIFICATION, ModelConfig::withDefaultLabels);
        try {
            return new TextClassificationPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The best label of one text. */
    public Prediction predict(String text) {
        return predict(List.of(text)).get(0);
    }

    /** The best label of a pair of texts. */
    public Prediction predict(String text, String textPair) {
        return best(answer(List.of(new TextInput(text, textPair))).get(0));
    }

    /** The best label of each text, in order. */
    public List<Prediction> predict(List<String> texts) {
        return answer(inputs(texts)).stream().map(this::best).toList();
    }

    /** The scores of all labels for each text, labels in the order of their ids. */
    public List<List<Prediction>> predictAll(List<String> texts) {
        return answer(inputs(texts)).stream()
                .map(answer -> Arrays.asList(scored(answer.logits())))
                .toList();
    }

    private static List<TextInput> inputs(List<String> texts) {
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).isBlank()) throw new DataException("Text " + (i + 1) + " is empty.");
        }
        return texts.stream().map(text -> new TextInput(text, null)).toList();
    }

    private Prediction best(TextAnswer answer) {
        Prediction[] all = scored(answer.logits());
        return all[Scores.best(answer.logits(), 0, all.length)];
    }

    private Prediction[] scored(float[] logits) {
        double[] scores = function.scores(logits);
        Prediction[] all = new Prediction[scores.length];
        for (int k = 0; k < all.length; k++)
            all[k] = new Prediction(labels.names().get(k), scores[k]);
        return all;
    }

    @Override
    public TextInput input(String text) {
        if (text.isBlank()) throw new DataException("the text is empty. Give it a text, or remove it.");
        return new TextInput(text, asked.textPair());
    }

    @Override
    public TextInput input(Dataset data, int row) {
        TextColumns found = columns(data);
        String text = TextRows.text(data, row, found.text());
        return new TextInput(
                text, found.textPair() == null ? asked.textPair() : TextRows.text(data, row, found.textPair()));
    }

    /** Those of the training if the data have them, else what the data look like. */
    private TextColumns columns(Dataset data) {
        return columns.computeIfAbsent(
                data.columns(), names -> TextColumns.find(data, TextClassificationSettings.of(model, names), false));
    }

    @Override
    public List<TextAnswer> answer(List<TextInput> inputs) {
        return served.outputs(
                inputs, input -> encoder.example(input.text(), input.textPair()), task.batchTokens(), this::answers);
    }

    private List<TextAnswer> answers(Batch batch) {
        float[] logits = task.forward(batch).toFloats(); // (B, K)
        int classes = labels.names().size();
        List<TextAnswer> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            answers.add(answer(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes)));
        }
        return answers;
    }

    private TextAnswer answer(float[] logits) {
        Prediction[] all = scored(logits);
        List<Prediction> chosen;
        if (!asked.manyLabels()) {
            chosen = List.of(all[Scores.best(logits, 0, all.length)]);
        } else {
            Arrays.sort(all, Comparator.comparingDouble(Prediction::score).reversed());
            chosen = Arrays.stream(all)
                    .filter(label -> asked.threshold() == null || label.score() > asked.threshold())
                    .limit(asked.topK() == null ? all.length : asked.topK())
                    .toList();
        }
        return new TextAnswer(chosen, logits, asked.manyLabels());
    }

    @Override
    public Object json(TextAnswer answer) {
        return answer.json();
    }

    @Override
    public Map<String, ?> cells(TextAnswer answer) {
        return answer.many() ? Map.of("labels", answer.json()) : answer.best().toMap();
    }

    @Override
    public @Nullable Scorer<TextAnswer> scorer(Dataset data) {
        String column = columns(data).label();
        return column == null ? null : new AnswerScorer(labels, data, column);
    }

    @Override
    public List<String> notes() {
        return encoder.notes();
    }

    @Override
    public void close() {
        served.close();
    }
}
