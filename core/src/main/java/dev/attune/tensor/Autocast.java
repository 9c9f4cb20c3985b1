package dev.attune.tensor;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Mixed precision: matrix products in a 16-bit type, parameters and reductions in 32 bits.
 *
 * <p>libtorch caches the 16-bit copy of each weight until the region ends. A region that spans an optimizer step would
 * train on stale weights and nothing would complain: open one region per forward pass. The cache is emptied when the
 * outermost region ends.
 */
public final class Autocast {
    private Autocast() {}

    /**
     * {@code x} in the type of the products of this region, for one that several products read: each would convert it
     * for itself. As it is outside a region. For passes without gradients; with them the gradients of the products would
     * be summed in 16 bits.
     */
    public static Tensor once(Tensor x) {
        if (!torch.is_autocast_enabled(DeviceType.CPU)) return x;
        ScalarType type = torch.get_autocast_dtype(DeviceType.CPU);
        return Operation.guard("to", () -> Tensor.of(x.handle().to(type)), x);
    }

    /** Whether products are in this type on this thread. */
    public static boolean isIn(DType type) {
        return type() == type;
    }

    /** The type in force on this thread; {@link DType#FLOAT32} outside a region. */
    static DType type() {
        return torch.is_autocast_enabled(DeviceType.CPU)
                ? DType.of(torch.get_autocast_dtype(DeviceType.CPU))
                : DType.FLOAT32;
    }

    /**
     * Without the cache of converted weights. A copy made without gradients would otherwise serve a product that needs the
     * weight's gradient, and it would get none.
     */
    static <T> T withoutCache(Supplier<T> body) {
        boolean before = torch.is_autocast_cache_enabled();
        torch.set_autocast_cache_enabled(false);
        try {
            return body.get();
        } finally {
            torch.set_autocast_cache_enabled(before);
        }
    }

    /** Runs {@code body} with matrix products in {@code type}; {@link DType#FLOAT32} runs it unchanged. */
    public static <T> T run(DType type, Supplier<T> body) {
        Native.load();
        if (type == DType.FLOAT32) return body.get();
        boolean before = torch.is_autocast_enabled(DeviceType.CPU);
        ScalarType typeBefore = torch.get_autocast_dtype(DeviceType.CPU);
        torch.set_autocast_dtype(DeviceType.CPU, type.torch());
        torch.set_autocast_enabled(DeviceType.CPU, true);
        torch.increment_nesting();
        try {
            return body.get();
        } finally {
            if (torch.decrement_nesting() == 0) torch.clear_cache();
            torch.set_autocast_enabled(DeviceType.CPU, before);
            torch.set_autocast_dtype(DeviceType.CPU, typeBefore);
        }
    }
}
