package dev.attune.task.questionanswering;

import dev.attune.config.Contradictions;
import dev.attune.error.ConfigException;
import dev.attune.task.FineTuned;
import dev.attune.task.LearnedLoss;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import java.util.List;

/** The task {@code question-answering}. */
public final class QuestionAnswering implements TaskType<QuestionAnsweringSettings> {
    @Override
    public String key() {
        return "question-answering";
    }

    @Override
    public List<String> architectures() {
        return List.of("ForQuestionAnswering");
    }

    @Override
    public String summary() {
        return "The part of a text that answers a question is found, or that the text has no answer.";
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public Class<QuestionAnsweringSettings> settings() {
        return QuestionAnsweringSettings.class;
    }

    @Override
    public Class<QuestionAnsweringAnswers> predictionSettings() {
        return QuestionAnsweringAnswers.class;
    }

    @Override
    public void check(QuestionAnsweringSettings settings, TaskOptions options, Contradictions wrong) {
        if (options.labelSmoothing() > 0) {
            wrong.add(
                    "label_smoothing_factor is not for question-answering: places in a text are no classes, and the"
                            + " reference ignores it there. Delete it.",
                    "label_smoothing_factor");
        }
    }

    @Override
    public TaskData prepare(QuestionAnsweringSettings settings, TaskInput input) {
        if (input.options().computeMetrics() != null) {
            throw new ConfigException("Metrics of your own are not for question-answering yet: an answer is found in"
                    + " several windows of a text. Leave compute_metrics out.");
        }
        QuestionColumns columns = QuestionColumns.find(input.rows(), settings, true);
        QuestionRows rows = new QuestionRows(input.rows(), columns);
        boolean negative =
                settings.version2WithNegative() != null ? settings.version2WithNegative() : rows.anyWithoutAnswer();
        LearnedLoss loss = input.trained() != null
                ? LearnedLoss.plain(input.options())
                : LearnedLoss.of(settings.classWeights(), 0, Answerable.NAMES, input.options());
        return new QuestionAnsweringData(settings.with(columns, negative), columns, input.options(), loss);
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return QuestionAnsweringPipeline.load(model, (QuestionAnsweringAnswers) predictionSettings);
    }
}
