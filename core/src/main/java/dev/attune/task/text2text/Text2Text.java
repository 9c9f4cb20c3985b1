package dev.attune.task.text2text;

import dev.attune.error.ConfigException;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskType;

/** A task whose model reads a text and writes another one. */
abstract sealed class Text2Text implements TaskType<Text2TextSettings>
        permits Text2TextGeneration, Summarization, Translation {
    private final Kind kind;

    Text2Text(Kind kind) {
        this.kind = kind;
    }

    @Override
    public final String key() {
        return kind.key();
    }

    @Override
    public final Class<Text2TextSettings> settings() {
        return Text2TextSettings.class;
    }

    @Override
    public final Class<Text2TextAnswers> predictionSettings() {
        return Text2TextAnswers.class;
    }

    @Override
    public final TaskData prepare(Text2TextSettings settings, TaskInput input) {
        if (input.options().computeMetrics() != null) {
            throw new ConfigException("Metrics of your own are not for " + key()
                    + " yet: they would need the scores of all" + " words for every token. Leave compute_metrics out.");
        }
        PairColumns columns = PairColumns.of(input.rows(), settings, kind);
        return new Text2TextData(kind, settings.with(columns), columns, input.options());
    }

    @Override
    public final Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return Text2TextPipeline.load(model, kind, (Text2TextAnswers) predictionSettings);
    }
}
