package dev.attune.task.tokenclassification;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which answers a {@link TokenClassificationPipeline} gives: the parameters of Hugging Face's pipeline. */
@RecordBuilder
public record TokenAnswers(
        @Argument(
                group = "Prediction of token-classification",
                initial = "none",
                common = true,
                example = "simple",
                doc =
                        "How tokens become entities. The choice none gives each token, simple joins neighbours; first, average and max also"
                                + " let the tokens of a word agree.")
        Aggregation aggregationStrategy,

        @Argument(
                group = "Prediction of token-classification",
                initial = "O",
                example = "O, MISC",
                doc = "Labels that are not given. As a flag, separated by commas.")
        List<String> ignoreLabels,

        @Argument(
                group = "Prediction of token-classification",
                range = "[0, inf)",
                example = "32",
                doc =
                        "Reads a long text in windows that share this many tokens. Without it a long text is cut. Needs an"
                                + " aggregation_strategy.")
        @Nullable
        Integer stride,

        @Argument(
                group = "Prediction of token-classification",
                initial = "false",
                doc = "Whether texts are words with spaces between them, not to be split further at punctuation.")
        boolean isSplitIntoWords) {

    /** How tokens become entities. */
    public enum Aggregation {
        NONE,
        SIMPLE,
        FIRST,
        AVERAGE,
        MAX;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(TokenAnswers.class);

    /** Each token that is not {@code O}: the default of the reference. */
    public static final TokenAnswers DEFAULT = SCHEMA.create(TokenAnswers.class, Map.of());

    public TokenAnswers {
        ignoreLabels = List.copyOf(ignoreLabels);
        Contradictions wrong =
                Contradictions.ofRanges(SCHEMA).next(aggregationStrategy, ignoreLabels, stride, isSplitIntoWords);
        if (stride != null && aggregationStrategy == Aggregation.NONE) {
            wrong.add(
                    "stride needs an aggregation_strategy other than none: windows overlap, and entities are taken from"
                            + " one of them. Set aggregation_strategy: simple.",
                    "stride",
                    "aggregation_strategy");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static TokenAnswersBuilder builder() {
        return TokenAnswersBuilder.builder(DEFAULT);
    }
}
