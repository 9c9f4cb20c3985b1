package dev.attune.task.questionanswering;

import dev.attune.data.Dataset;
import dev.attune.error.DataException;
import dev.attune.model.Head;
import dev.attune.task.FineTuned;
import dev.attune.task.ForwardPass;
import dev.attune.task.Pipeline;
import dev.attune.task.ServedModel;
import dev.attune.text.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that finds answers in texts.
 *
 * <pre>{@code
 * try (var answers = QuestionAnsweringPipeline.load("runs/questions")) {
 *     System.out.println(answers.predict("When does the shop open?", "The shop opens at nine.").answer()); // nine
 * }
 * }</pre>
 *
 * <p>Long contexts are read in windows. Several threads may ask at the same time; closing waits for them.
 */
public final class QuestionAnsweringPipeline implements Pipeline<QuestionInput, QuestionAnswer> {
    private static final int MAX_SEQ_LEN = 384;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FORMS = "Give the text with --context, or a line of JSON for each question:"
            + " {\"question\": \"…\", \"context\": \"…\"}.";

    private final FineTuned model;
    private final ServedModel served;
    private final QuestionAnsweringAnswers asked;
    private final Windows windows;
    private final AnswerSearch search;
    /** By the names of all columns of a set: a pipeline may be asked about several. */
    private final Map<List<String>, QuestionColumns> columns = new ConcurrentHashMap<>();

    private QuestionAnsweringPipeline(FineTuned model, ServedModel served, QuestionAnsweringAnswers asked) {
        this.model = model;
        this.served = served;
        this.asked = asked;
        int length = Math.min(served.maxLength(), asked.maxSeqLen() == null ? MAX_SEQ_LEN : asked.maxSeqLen());
        int stride = QuestionAnsweringSettings.of(model, List.of()).docStride();
        // Unless somebody chose one, the stride of the reference is never more than half a window.
        boolean chosen = stride != QuestionAnsweringSettings.DEFAULT.docStride();
        this.windows = new Windows(served.tokenizer(), length, chosen ? stride : Math.min(length / 2, stride));
        this.search = new AnswerSearch(asked, served.tokenizer());
    }

    /** Loads a model folder with a question answering head, or anything else that {@link dev.attune.hub.Hub#resolve} takes. */
    public static QuestionAnsweringPipeline load(String model) {
        return load(FineTuned.open(model), QuestionAnsweringAnswers.BEST);
    }

    /** As {@link #load(String)}, with other answers than the best one alone. */
    public static QuestionAnsweringPipeline load(FineTuned model, QuestionAnsweringAnswers answers) {
        ServedModel served = ServedModel.open(model, Head.QUESTION_ANSWERING, config -> config);
        try {
            return new QuestionAnsweringPipeline(model, served, answers);
        } catch (RuntimeException e) {
            served.close();
            throw e;
        }
    }

    /** The best answer to a question that a text has. */
    public FoundAnswer predict(String question, String context) {
        return answer(List.of(checked(question, context))).get(0).best();
    }

    /** A question where the pipeline was given a context, or a question and a context as a JSON object. */
    @Override
    public QuestionInput input(String text) {
        if (text.isBlank()) throw new DataException("the question is empty. " + FORMS);
        if (!text.stripLeading().startsWith("{")) {
            if (asked.context() == null) throw new DataException("there is no text to find the answer in. " + FORMS);
            return checked(text, asked.context());
        }
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new DataException("this is not valid JSON: " + e.getOriginalMessage() + ". " + FORMS, e);
        }
        String context = node.path("context").isString() ? node.path("context").stringValue() : asked.context();
        if (!node.path("question").isString() || context == null) {
            throw new DataException("the object has no text \""
                    + (node.path("question").isString() ? "context" : "question") + "\". " + FORMS);
        }
        return checked(node.path("question").stringValue(), context);
    }

    private QuestionInput checked(String question, String context) {
        if (question.isBlank()) throw new DataException("the question is empty. Give it a text, or remove it.");
        if (context.isBlank()) throw new DataException("the context is empty. Give it a text, or remove the question.");
        QuestionInput input = new QuestionInput(question, context);
        // A character is four tokens at most: a short question has room, and is not encoded for nothing.
        if (4 * question.length() + 8 >= windows.maxLength()) served.use(() -> windows.of(input));
        return input;
    }

    @Override
    public QuestionInput input(Dataset data, int row) {
        QuestionRows rows = new QuestionRows(data, columns(data));
        QuestionInput input = rows.plain(row);
        try {
            return checked(input.question(), input.context());
        } catch (DataException e) {
            throw new DataException(rows.where(row) + ": " + e.getMessage(), e);
        }
    }

    private QuestionColumns columns(Dataset data) {
        return columns.computeIfAbsent(
                data.columns(), names -> QuestionColumns.find(data, QuestionAnsweringSettings.of(model, names), false));
    }

    /** A long context is many windows, whose scores are in memory together. */
    @Override
    public int inputsAtOnce() {
        return 512;
    }

    @Override
    public List<QuestionAnswer> answer(List<QuestionInput> inputs) {
        List<List<Encoding>> cut =
                served.use(() -> inputs.parallelStream().map(windows::of).toList());
        List<Encoding> all = cut.stream().flatMap(List::stream).toList();
        List<WindowScores> scores = served.outputs(
                all,
                Windows::example,
                ForwardPass.BATCH_TOKENS,
                batch -> WindowScores.of(
                        batch,
                        QuestionAnsweringTask.forward(served.model(), batch).toFloats()));
        List<QuestionAnswer> answers = new ArrayList<>(inputs.size());
        int at = 0;
        for (int i = 0; i < inputs.size(); i++) {
            int count = cut.get(i).size();
            answers.add(search.answer(inputs.get(i).context(), cut.get(i), scores.subList(at, at + count)));
            at += count;
        }
        return answers;
    }

    /** One object, or a list of them where more than one was asked for. */
    @Override
    public Object json(QuestionAnswer answer) {
        return asked.topK() == 1
                ? answer.best().toMap()
                : answer.answers().stream().map(FoundAnswer::toMap).toList();
    }

    @Override
    public Map<String, ?> cells(QuestionAnswer answer) {
        return asked.topK() == 1 ? answer.best().toMap() : Map.of("answers", json(answer));
    }

    @Override
    public @Nullable Scorer<QuestionAnswer> scorer(Dataset data) {
        QuestionColumns found = columns(data);
        return found.hasAnswers() ? new AnswersScorer(new QuestionRows(data, found)) : null;
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public void close() {
        served.close();
    }
}
