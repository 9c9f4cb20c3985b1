package dev.attune.task.fillmask;

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
    public boolean trainable() {
        return false;
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
        throw new IllegalStateException("fill-mask is not trained in this version");
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return FillMaskPipeline.load(model, (FillMaskAnswers) predictionSettings);
    }
}
