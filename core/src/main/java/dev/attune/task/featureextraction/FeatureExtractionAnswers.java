package dev.attune.task.featureextraction;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Map;

/** Which numbers a {@link FeatureExtractionPipeline} gives. */
@RecordBuilder
public record FeatureExtractionAnswers(
        @Argument(
                group = "Prediction of feature-extraction",
                common = true,
                initial = "mean",
                doc =
                        "One vector for each text, the mean of those of its tokens or that of the first one (cls), or with none"
                                + " one for each token.")
        Pooling pooling,

        @Argument(
                group = "Prediction of feature-extraction",
                initial = "false",
                doc =
                        "Divides each vector by its length, so that the product of two is their cosine. With pooling none that"
                                + " is done for each token.")
        boolean normalize) {

    /** The mean, as it is. */
    public static final FeatureExtractionAnswers MEAN =
            ArgumentSchema.of(FeatureExtractionAnswers.class).create(FeatureExtractionAnswers.class, Map.of());

    /** A builder that has the defaults. */
    public static FeatureExtractionAnswersBuilder builder() {
        return FeatureExtractionAnswersBuilder.builder(MEAN);
    }
}
