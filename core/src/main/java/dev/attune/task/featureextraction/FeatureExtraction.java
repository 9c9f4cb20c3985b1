package dev.attune.task.featureextraction;

import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;

/** The task {@code feature-extraction}: vectors of texts. It only predicts. */
public final class FeatureExtraction implements TaskType<FeatureExtractionSettings> {
    @Override
    public String key() {
        return "feature-extraction";
    }

    @Override
    public String summary() {
        return "A text becomes a vector, or one for each of its tokens. Nothing is trained.";
    }

    @Override
    public boolean trainable() {
        return false;
    }

    @Override
    public Class<FeatureExtractionSettings> settings() {
        return FeatureExtractionSettings.class;
    }

    @Override
    public Class<FeatureExtractionAnswers> predictionSettings() {
        return FeatureExtractionAnswers.class;
    }

    /** @throws IllegalStateException always: there is nothing to learn, and nobody asks who asks {@link #trainable} first */
    @Override
    public TaskData prepare(FeatureExtractionSettings settings, TaskInput input) {
        throw new IllegalStateException("The task " + key() + " is not trained.");
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return FeatureExtractionPipeline.load(model, (FeatureExtractionAnswers) predictionSettings);
    }
}
