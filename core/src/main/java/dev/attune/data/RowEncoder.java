package dev.attune.data;

import java.util.function.IntFunction;

/** Placeholder until the store is merged. */
public final class RowEncoder {
    public void encode(int rows, IntFunction<Example> work, EncodedSink sink) {
        for (int row = 0; row < rows; row++) sink.add(row, work.apply(row));
    }
}
