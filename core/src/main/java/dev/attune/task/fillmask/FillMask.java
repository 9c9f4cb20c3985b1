package dev.attune.task.fillmask;

import dev.attune.error.ConfigException;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;
import java.util.List;

/** The task {@code fill-mask}. */
public final class FillMask implements TaskType<FillMaskSettings> {
    @Override
    public String key() {
        return "fill-mask";
    }

    @Override
    public List<String> architectures() {
        return List.of("ForMaskedLM");
    }

    @Override
    public String summary() {
        return "Hidden words of a text are guessed: training on plain texts, without labels.";
    }

    @Override
    public Class<FillMaskSettings> settings() {
        return FillMaskSettings.class;
    }

    @Override
    public Class<FillMaskAnswers> predictionSettings() {
        return FillMaskAnswers.class;
    }

    @Override
    public TaskData prepare(FillMaskSettings settings, TaskInput input) {
        if (input.options().computeMetrics() != null) {
            throw new ConfigException(
                    "Metrics of your own are not for fill-mask yet: they would need the scores of all words"
                            + " for every hidden token. Leave compute_metrics out.");
        }
        String column = FillMaskSettings.column(input.rows(), settings.textColumn());
        return new FillMaskData(settings.withColumn(column), column, input.options(), input.seed());
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return FillMaskPipeline.load(model, (FillMaskAnswers) predictionSettings);
    }
}
