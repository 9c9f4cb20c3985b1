package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Native;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Pieces of large tensors that stay in the cache of a core: several operations on a piece cost one pass over memory, where each
 * of them on the whole would cost one of its own. Each piece is the work of one thread, so that the cores wait for each other
 * once, and not in every operation.
 */
final class Blocks {
    /** Below the 32,768 from which on libtorch divides an operation among threads; 125 KiB of each tensor. */
    private static final int ELEMENTS = 32_000;

    private Blocks() {}

    /**
     * Neighbouring rows of a tensor.
     *
     * @param of which tensor, as the caller numbers them
     * @param number among the pieces of that tensor
     */
    record Piece(int of, int number, long start, long length) {
        /** This piece of a tensor along its first dimension. */
        Tensor of(Tensor whole) {
            return whole.narrow(0, start, length);
        }
    }

    /** Pieces of {@code rows} rows of {@code width} elements. */
    static List<Piece> of(int tensor, long rows, long width) {
        List<Piece> pieces = new ArrayList<>();
        long step = Math.max(1, ELEMENTS / width);
        for (long start = 0; start < rows; start += step) {
            pieces.add(new Piece(tensor, pieces.size(), start, Math.min(step, rows - start)));
        }
        return pieces;
    }

    /** What is done with a piece. */
    interface Work {
        /**
         * Without recording, in a scope of its own.
         *
         * @param first memory for results on the way, of the size of a piece or more
         * @param second the same once more
         */
        void on(Piece piece, Tensor first, Tensor second);
    }

    /** Does the work on all pieces, in any order, on all cores. */
    static void inParallel(List<Piece> pieces, long widest, Work work) {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Runnable worker = () -> {
            try {
                Grad.off(() -> work(pieces, next, widest, work));
            } catch (RuntimeException | Error e) {
                next.set(pieces.size());
                failed.compareAndSet(null, e);
            }
        };
        List<Thread> others = IntStream.range(1, Math.min(Native.threads(), pieces.size()))
                .mapToObj(i -> new Thread(worker, "attune-optimizer"))
                .toList();
        others.forEach(Thread::start);
        worker.run();
        for (Thread other : others) join(other);
        if (failed.get() instanceof RuntimeException e) throw e;
        if (failed.get() != null) throw new CompletionException(failed.get());
    }

    private static void work(List<Piece> pieces, AtomicInteger next, long widest, Work work) {
        try (Scope scope = Scope.open()) {
            long size = Math.max(ELEMENTS, widest);
            Tensor first = Tensor.empty(DType.FLOAT32, size);
            Tensor second = Tensor.empty(DType.FLOAT32, size);
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                try (Scope ofPiece = Scope.open()) {
                    work.on(pieces.get(i), first, second);
                }
            }
        }
    }

    /** The thread of the training may be interrupted, but not before the parameters are whole again. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
