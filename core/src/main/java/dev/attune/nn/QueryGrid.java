package dev.attune.nn;

import dev.attune.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Rows in groups of different sizes, and the same in a grid that has room for as many in each: (S·W). Made once a pass. */
final class QueryGrid {
    private final int width;
    private final @Nullable Tensor spread;
    private final @Nullable Tensor places;

    /** @param rows of each group, at least one */
    QueryGrid(int[] rows) {
        width = Arrays.stream(rows).max().orElseThrow();
        if (Arrays.stream(rows).allMatch(count -> count == width)) {
            spread = null;
            places = null;
            return;
        }
        long[] from = new long[rows.length * width];
        long[] to = new long[Arrays.stream(rows).sum()];
        for (int s = 0, row = 0; s < rows.length; s++) {
            Arrays.fill(from, s * width, (s + 1) * width, row); // where there is no row, the first one again
            for (int i = 0; i < rows[s]; i++, row++) {
                from[s * width + i] = row;
                to[row] = (long) s * width + i;
            }
        }
        spread = Tensor.ofLongs(from, from.length);
        places = Tensor.ofLongs(to, to.length);
    }

    /** W. */
    int width() {
        return width;
    }

    /** (R, C) to (S·W, C). */
    Tensor spread(Tensor x) {
        return spread == null ? x : x.rows(spread);
    }

    /** (S·W, C) to (R, C). */
    Tensor gathered(Tensor x) {
        return places == null ? x : x.rows(places);
    }
}
