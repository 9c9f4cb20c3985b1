package dev.attune.task.textclassification;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.task.Scores;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which answers a {@link TextClassificationPipeline} gives: the parameters of Hugging Face's pipeline, and a threshold. */
@RecordBuilder
public record TextClassificationAnswers(
        @Argument(
                group = "Prediction of text-classification",
                example = "sentence 2",
                doc = "The second text of each pair, where texts are typed and not read from columns.")
        @Nullable
        String textPair,

        @Argument(
                group = "Prediction of text-classification",
                range = "[1, inf)",
                common = true,
                example = "3",
                doc =
                        "How many labels to give for each text, the best first, as a list. Without it the best one alone.")
        @Nullable
        Integer topK,

        @Argument(
                group = "Prediction of text-classification",
                doc = "What turns the model's numbers into scores. Without it the kind of problem decides: sigmoid for"
                        + " several labels or a single one, softmax for classes, none for a regression.")
        @Nullable
        ScoreFunction functionToApply,

        @Argument(
                group = "Prediction of text-classification",
                range = "[0, 1]",
                example = "0.5",
                doc =
                        "Gives all labels whose score is above this, the best first, as a list: for models that may give a"
                                + " text several labels.")
        @Nullable
        Double threshold) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TextClassificationAnswers.class);

    /** The best label alone. */
    public static final TextClassificationAnswers BEST = SCHEMA.create(TextClassificationAnswers.class, Map.of());

    /** What turns logits into scores. */
    public enum ScoreFunction {
        SIGMOID,
        SOFTMAX,
        NONE;

        double[] scores(float[] logits) {
            return switch (this) {
                case SIGMOID -> Scores.sigmoid(logits, 0, logits.length);
                case SOFTMAX -> Scores.softmax(logits, 0, logits.length);
                case NONE -> {
                    double[] scores = new double[logits.length];
                    for (int k = 0; k < scores.length; k++) scores[k] = logits[k];
                    yield scores;
                }
            };
        }

        /** The name in Hugging Face's pipeline. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public TextClassificationAnswers {
        Contradictions wrong = Contradictions.ofRanges(SCHEMA).next(textPair, topK, functionToApply, threshold);
        if (topK != null && threshold != null) {
            wrong.add(
                    "top_k and threshold are both set. Keep top_k for a fixed number of labels, or threshold for all"
                            + " that are likely.",
                    "top_k",
                    "threshold");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static TextClassificationAnswersBuilder builder() {
        return TextClassificationAnswersBuilder.builder(BEST);
    }

    /** Whether an answer is a list of labels and not a single one. */
    boolean manyLabels() {
        return topK != null || threshold != null;
    }
}
