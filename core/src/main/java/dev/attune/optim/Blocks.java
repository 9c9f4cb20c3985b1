package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Pieces of large tensors that stay in the caches of the cores: several operations on a piece cost one pass over memory,
 * where each of them on the whole would cost one of its own.
 */
final class Blocks {
    /** What libtorch gives one thread at least: 128 KiB of each tensor. */
    private static final int OF_THREAD = 1 << 15;

    private Blocks() {}

    /** Elements of a block: each core gets its share. */
    static long elements() {
        return (long) OF_THREAD * Math.max(2, Native.threads());
    }

    /** A tensor of one block's size, for results on the way. */
    static Tensor scratch() {
        return Tensor.empty(DType.FLOAT32, elements());
    }

    /** From where, and how much. */
    record Piece(long start, long length) {
        /** This piece of a tensor along its first dimension. */
        Tensor of(Tensor whole) {
            return whole.narrow(0, start, length);
        }
    }

    /** Goes over {@code total} rows of {@code width} elements; each piece in a scope of its own. */
    static void over(long total, long width, Consumer<Piece> body) {
        long step = Math.max(1, elements() / width);
        for (long start = 0; start < total; start += step) {
            try (Scope scope = Scope.open()) {
                body.accept(new Piece(start, Math.min(step, total - start)));
            }
        }
    }
}
