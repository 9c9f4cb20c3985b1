package dev.attune.nn;

import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;

/** How a new parameter is filled. */
@FunctionalInterface
public interface Init {
    Init ZEROS = Tensor::zeroInPlace;
    Init ONES = t -> t.fillInPlace(1);

    void fill(Tensor parameter);

    /** Normal numbers around 0. */
    static Init normal(double deviation) {
        return t -> t.normalInPlace(0, deviation);
    }

    /**
     * Uniform numbers within 1/√columns, which is Kaiming's rule with torch's {@code a=√5}: for the weight of a product that
     * sums over the columns.
     */
    static Init kaimingUniform() {
        return t -> {
            double bound = 1 / Math.sqrt(t.size(1));
            t.uniformInPlace(-bound, bound);
        };
    }

    /** Normal numbers around 0, and a row of zeros for the padding id (none if negative). */
    static Init embedding(double deviation, int paddingRow) {
        return t -> {
            t.normalInPlace(0, deviation);
            if (paddingRow >= 0 && paddingRow < t.size(0)) {
                try (Scope scope = Scope.open()) {
                    t.detach().narrow(0, paddingRow, 1).zeroInPlace();
                }
            }
        };
    }
}
