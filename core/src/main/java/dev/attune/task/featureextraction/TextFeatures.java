package dev.attune.task.featureextraction;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/**
 * What a {@link FeatureExtractionPipeline} answers.
 *
 * @param vectors one of the text, or one of each of its tokens in their order; not copied
 * @param pooled whether it is one of the text
 */
public record TextFeatures(float[][] vectors, boolean pooled) {
    /**
     * The vector of the text.
     *
     * @throws IllegalStateException if there is one for each token
     */
    public float[] vector() {
        if (!pooled) throw new IllegalStateException("pooling is none: there is a vector for each token.");
        return vectors[0];
    }

    /** A list of numbers; for tokens a list of such lists. The numbers are {@link Float}, which print so that they read back. */
    public List<?> json() {
        return pooled
                ? new Floats(vectors[0])
                : Arrays.stream(vectors).map(Floats::new).toList();
    }

    /** An array as a list, without an object for each number. */
    private static final class Floats extends AbstractList<Float> implements RandomAccess {
        private final float[] values;

        private Floats(float[] values) {
            this.values = values;
        }

        @Override
        public Float get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}
