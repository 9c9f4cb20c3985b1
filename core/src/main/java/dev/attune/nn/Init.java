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
