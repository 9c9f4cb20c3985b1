package dev.attune.task.text2text;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that only the tasks have that write a text about another one. */
@RecordBuilder
public record Text2TextSettings(
        @Argument(
                group = GROUP,
                example = "article",
                doc =
                        "Column of the texts that are read. Without it the usual names are tried (source, input, document, …)."
                                + " A dot goes into an object: translation.en.")
        @Nullable
        String sourceColumn,

        @Argument(
                group = GROUP,
                example = "summary",
                doc = "Column of the texts that are to be written. Without it the usual names are tried.")
        @Nullable
        String targetColumn,

        @Argument(
                group = GROUP,
                example = "\"summarize: \"",
                doc =
                        "What is put before each text that is read. A T5 that is not to learn it anew wants the words that it was"
                                + " pretrained with.")
        @Nullable
        String sourcePrefix,

        @Argument(
                group = GROUP,
                initial = "128",
                range = "[2, inf)",
                doc =
                        "Where texts that are to be written are cut, in tokens. max_length is the limit of those that are read.")
        int maxTargetLength,

        @Argument(
                group = GROUP,
                initial = "false",
                doc =
                        "Whether evaluations let the model write, and compare what it wrote (text_metrics). That takes much longer"
                                + " than the loss.")
        boolean predictWithGenerate,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                trainingOnly = true,
                example = "64",
                doc =
                        "Most tokens that evaluations write, the start token among them. The default is max_target_length.")
        @Nullable
        Integer generationMaxLength,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                trainingOnly = true,
                example = "4",
                doc = "Beams that evaluations write with. The default is what the model's own files say, else 1.")
        @Nullable
        Integer generationNumBeams,

        @Argument(
                group = GROUP,
                example = "rouge, exact_match",
                doc =
                        "What is compared of texts that were written: rouge, bleu, chrf, exact_match, cer, wer. The default is"
                                + " rouge, bleu, chrf, exact_match.")
        List<String> textMetrics) {

    private static final String GROUP = "Data of text2text-generation, summarization, translation";
    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(Text2TextSettings.class);

    /** Columns by their usual names; only the loss is evaluated. */
    public static final Text2TextSettings DEFAULT = SCHEMA.create(Text2TextSettings.class, Map.of());

    public Text2TextSettings {
        textMetrics = List.copyOf(textMetrics);
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(
                        sourceColumn,
                        targetColumn,
                        sourcePrefix,
                        maxTargetLength,
                        predictWithGenerate,
                        generationMaxLength,
                        generationNumBeams,
                        textMetrics);
        if (!predictWithGenerate) {
            idle(wrong, "generation_max_length", generationMaxLength);
            idle(wrong, "generation_num_beams", generationNumBeams);
            idle(wrong, "text_metrics", textMetrics.isEmpty() ? null : textMetrics);
        }
        WrittenMetrics.check(textMetrics, wrong);
        wrong.throwIfAny();
    }

    private static void idle(Contradictions wrong, String key, @Nullable Object value) {
        if (value == null) return;
        wrong.add(
                key + " is " + value + ", but predict_with_generate is false, so evaluations write nothing. Set"
                        + " predict_with_generate: true, or delete " + key + ".",
                key,
                "predict_with_generate");
    }

    /** A builder that has the defaults. */
    public static Text2TextSettingsBuilder builder() {
        return Text2TextSettingsBuilder.builder(DEFAULT);
    }

    String prefix() {
        return sourcePrefix == null ? "" : sourcePrefix;
    }

    Text2TextSettings with(PairColumns columns) {
        return new Text2TextSettings(
                columns.source(),
                columns.target(),
                sourcePrefix,
                maxTargetLength,
                predictWithGenerate,
                generationMaxLength,
                generationNumBeams,
                textMetrics);
    }
}
