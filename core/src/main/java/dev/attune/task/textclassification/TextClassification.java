package dev.attune.task.textclassification;

import dev.attune.config.Contradictions;
import dev.attune.data.Columns;
import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.task.ClassWeights;
import dev.attune.task.FineTuned;
import dev.attune.task.FocalLoss;
import dev.attune.task.LearnedLoss;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import java.util.List;

/** The task {@code text-classification}. */
public final class TextClassification implements TaskType<TextClassificationSettings> {
    @Override
    public String key() {
        return "text-classification";
    }

    @Override
    public List<String> aliases() {
        return List.of("sentiment-analysis");
    }

    @Override
    public List<String> architectures() {
        return List.of("ForSequenceClassification");
    }

    @Override
    public String summary() {
        return "A text, or a pair of texts, gets one label, any number of labels, or a number.";
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public Class<TextClassificationSettings> settings() {
        return TextClassificationSettings.class;
    }

    @Override
    public Class<TextClassificationAnswers> predictionSettings() {
        return TextClassificationAnswers.class;
    }

    @Override
    public void check(TextClassificationSettings settings, TaskOptions options, Contradictions wrong) {
        FocalLoss.check(settings.focalLossGamma(), options, wrong);
        ProblemType problem = settings.problemType();
        if (options.labelSmoothing() > 0 && problem != null && problem != ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            wrong.add(
                    "label_smoothing_factor works with single-label classification, but problem_type is \""
                            + problem.key() + "\". Delete one of them.",
                    "label_smoothing_factor",
                    "problem_type");
        }
    }

    @Override
    public TaskData prepare(TextClassificationSettings settings, TaskInput input) {
        Dataset rows = input.rows();
        TextColumns columns = TextColumns.find(rows, settings, true);
        Labels labels;
        if (input.trained() == null) {
            List<String> given = settings.labels().isEmpty() ? null : settings.labels();
            labels = Labels.of(
                    rows, Columns.require(rows, columns.label()), given, settings.problemType(), input.cache());
        } else {
            labels = new Labels(ProblemType.of(input.trained()), input.trained().labels());
        }
        if (input.options().labelSmoothing() > 0 && labels.problem() != ProblemType.SINGLE_LABEL_CLASSIFICATION) {
            throw new ConfigException("label_smoothing_factor works with one label a row; these labels are a "
                    + labels.problem().key() + ". Set it to 0.");
        }
        if (labels.problem() == ProblemType.REGRESSION) refuseClasses(settings);
        List<String> notes = columns.notes(rows, settings);
        if (input.trained() != null) return new TextClassificationData(columns, labels, input.options(), notes);
        LearnedLoss loss =
                LearnedLoss.of(settings.classWeights(), settings.focalLossGamma(), labels.names(), input.options());
        return new TextClassificationData(columns, labels, input.options(), notes, loss);
    }

    private static void refuseClasses(TextClassificationSettings settings) {
        if (settings.classWeights() == null && settings.focalLossGamma() == 0) return;
        throw new ConfigException((settings.classWeights() == null ? FocalLoss.KEY : ClassWeights.KEY)
                + " is for classes, but these labels are numbers, which is a regression. Delete it, or set problem_type:"
                + " single_label_classification.");
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return TextClassificationPipeline.load(model, (TextClassificationAnswers) predictionSettings);
    }
}
