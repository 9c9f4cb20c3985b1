package dev.attune.task.featureextraction;

import java.util.Locale;

/** How the vectors of the tokens of a text become its answer. */
public enum Pooling {
    /** They do not: one vector for each token, special tokens included, as Hugging Face's pipeline gives them. */
    NONE,
    /** Their mean, special tokens included, as in sentence-transformers. */
    MEAN,
    /** That of the first token: its hidden state, before any pooler. */
    CLS;

    /** The name of the setting. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Sums in 64 bits, rounded once. */
    static float[] mean(float[][] vectors) {
        float[] mean = new float[vectors[0].length];
        for (int c = 0; c < mean.length; c++) {
            double sum = 0;
            for (float[] vector : vectors) sum += vector[c];
            mean[c] = (float) (sum / vectors.length);
        }
        return mean;
    }

    /** Divides a vector by its length, so that the new length is 1; a vector of zeros stays one. */
    static void normalize(float[] vector) {
        double squares = 0;
        for (float x : vector) squares += (double) x * x;
        double length = Math.max(Math.sqrt(squares), 1e-12); // as torch.nn.functional.normalize
        for (int c = 0; c < vector.length; c++) vector[c] = (float) (vector[c] / length);
    }
}
