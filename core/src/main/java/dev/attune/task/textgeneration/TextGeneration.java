package dev.attune.task.textgeneration;

import dev.attune.error.ConfigException;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;
import java.util.List;

/** The task {@code text-generation}. */
public final class TextGeneration implements TaskType<TextGenerationSettings> {
    @Override
    public String key() {
        return "text-generation";
    }

    @Override
    public List<String> architectures() {
        return List.of("LMHeadModel", "ForCausalLM");
    }

    @Override
    public String summary() {
        return "A text goes on: training on plain texts, or on prompts and what is to be written after them.";
    }

    @Override
    public Class<TextGenerationSettings> settings() {
        return TextGenerationSettings.class;
    }

    @Override
    public Class<TextGenerationAnswers> predictionSettings() {
        return TextGenerationAnswers.class;
    }

    @Override
    public TaskData prepare(TextGenerationSettings settings, TaskInput input) {
        if (input.options().computeMetrics() != null) {
            throw new ConfigException(
                    "Metrics of your own are not for text-generation yet: they would need the scores of all words for"
                            + " every token. Leave compute_metrics out.");
        }
        TextParts parts = TextParts.of(input.rows(), settings);
        return new TextGenerationData(settings.with(parts), parts, input.options());
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return TextGenerationPipeline.load(model, (TextGenerationAnswers) predictionSettings);
    }
}
