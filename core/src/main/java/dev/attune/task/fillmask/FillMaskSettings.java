package dev.attune.task.fillmask;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import dev.attune.data.Dataset;
import dev.attune.task.TextRows;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys that only fill-mask has. */
@RecordBuilder
public record FillMaskSettings(
        @Argument(
                group = "Data of fill-mask",
                example = "text",
                doc = "Column that holds the texts. Without it the usual names are tried (text, sentence,"
                        + " content, …).")
        @Nullable
        String textColumn,

        @Argument(
                group = "Data of fill-mask",
                initial = "true",
                doc =
                        "Whether each row is an example, cut at max_length. When false, the texts are joined and cut into examples"
                                + " of max_length tokens, so that nothing is lost of long ones.")
        boolean lineByLine,

        @Argument(
                group = "Data of fill-mask",
                initial = "0.15",
                range = "(0, 1]",
                doc =
                        "How likely a token is chosen to be guessed, in training and in evaluation. Special tokens never are.")
        double mlmProbability,

        @Argument(
                group = "Data of fill-mask",
                initial = "0.8",
                range = "[0, 1]",
                doc = "Share of the chosen tokens that become the mask token.")
        double maskReplaceProb,

        @Argument(
                group = "Data of fill-mask",
                initial = "0.1",
                range = "[0, 1]",
                doc =
                        "Share of the chosen tokens that become a random token. What neither share takes stays as it is, and has"
                                + " to be guessed all the same.")
        double randomReplaceProb,

        @Argument(
                group = "Data of fill-mask",
                initial = "false",
                doc =
                        "Whether whole words are chosen in place of single tokens: what stands between two spaces. All tokens of a"
                                + " chosen word become the mask, whatever the two shares say.")
        boolean wholeWordMask) {

    private static final ArgumentSchema SCHEMA = ArgumentSchema.of(FillMaskSettings.class);
    private static final List<String> TEXTS = List.of(
            "text",
            "sentence",
            "content",
            "document",
            "body",
            "article",
            "message",
            "review",
            "comment",
            "description");

    /** Those of BERT. */
    public static final FillMaskSettings DEFAULT = SCHEMA.create(FillMaskSettings.class, Map.of());

    public FillMaskSettings {
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(textColumn, lineByLine, mlmProbability, maskReplaceProb, randomReplaceProb, wholeWordMask);
        if (maskReplaceProb + randomReplaceProb > 1 + 1e-9) {
            wrong.add(
                    "mask_replace_prob and random_replace_prob are shares of the same tokens, but add up to more than 1."
                            + " Lower one of them.",
                    "random_replace_prob",
                    "mask_replace_prob");
        }
        wrong.throwIfAny();
    }

    /** A builder that has the defaults. */
    public static FillMaskSettingsBuilder builder() {
        return FillMaskSettingsBuilder.builder(DEFAULT);
    }

    FillMaskSettings withColumn(String column) {
        return new FillMaskSettings(
                column, lineByLine, mlmProbability, maskReplaceProb, randomReplaceProb, wholeWordMask);
    }

    /**
     * The column of the texts.
     *
     * @param named by a run or a caller; null to look for it
     * @throws dev.attune.error.DataException if it is missing, or cannot be told
     */
    static String column(Dataset data, @Nullable String named) {
        return TextRows.column(data, named, TEXTS);
    }
}
