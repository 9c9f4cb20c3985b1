package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/** Computes with another number of threads for a while. */
public final class Threads {
    private Threads() {}

    public static <T> T during(int count, Supplier<T> work) {
        int before = Native.threads();
        Native.use(count);
        try {
            assertThat(torch.get_num_threads()).isEqualTo(count);
            return work.get();
        } finally {
            Native.use(before);
        }
    }
}
