package dev.attune.tensor;

import java.util.function.Supplier;

/** Computes with another number of threads for a while. */
public final class Threads {
    private Threads() {}

    public static <T> T during(int count, Supplier<T> work) {
        int before = Native.threads();
        Native.use(count);
        try {
            return work.get();
        } finally {
            Native.use(before);
        }
    }
}
