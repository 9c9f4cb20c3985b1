package dev.attune.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The lifetime of the tensors made in one turn of a loop. A training step, an evaluation batch, a generation step and a
 * pipeline call each open one; model code never does. When a scope closes, every tensor made in it on its thread is freed,
 * but for those that were handed on by {@link Tensor#keep()} (to an owner with {@code close()}) or returned from {@link
 * #run}.
 *
 * <pre>{@code
 * try (Scope step = Scope.open()) {
 *     Tensor loss = model.loss(batch);
 *     loss.backward();
 * } // every intermediate tensor is gone
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<@Nullable Scope> CURRENT = new ThreadLocal<>();
    private static final AtomicLong LIVE = new AtomicLong();

    final PointerScope pointers;
    private final @Nullable Scope parent;
    private final Thread thread = Thread.currentThread();
    private long handles;
    private boolean closed;
    /** What is closed with this scope. */
    private @Nullable List<GradientHook> owned;

    private Scope() {
        Native.load();
        parent = CURRENT.get();
        pointers = new PointerScope();
        CURRENT.set(this);
    }

    /** Opens a scope on this thread; close it on the same thread, inner scopes first. */
    public static Scope open() {
        return new Scope();
    }

    /** Runs {@code body} in a scope of its own and hands the one tensor it returns to the surrounding scope. */
    public static Tensor run(Supplier<Tensor> body) {
        try (Scope scope = open()) {
            Tensor result = body.get();
            // A tensor that was there before, or that has an owner, stays where it belongs.
            if (result.owner() == scope) result.moveTo(scope.parent);
            return result;
        }
    }

    /** Closes a hook with the scope around the one that is open: it ends before the tensors there do. */
    static void closeWithParent(GradientHook hook) {
        Scope inner = Objects.requireNonNull(CURRENT.get(), "no scope is open");
        Scope owner = Objects.requireNonNull(inner.parent, "no scope is open around this");
        if (owner.owned == null) owner.owned = new ArrayList<>();
        owner.owned.add(hook);
    }

    /** Number of tensor handles that are alive in this process. A test that leaves more than it found has a leak. */
    public static long liveHandles() {
        return LIVE.get();
    }

    static @Nullable Scope current() {
        return CURRENT.get();
    }

    static void born(@Nullable Scope scope) {
        LIVE.incrementAndGet();
        if (scope != null) scope.handles++;
    }

    static void gone(@Nullable Scope scope) {
        LIVE.decrementAndGet();
        if (scope != null) scope.handles--;
    }

    static void moved(@Nullable Scope from, @Nullable Scope to) {
        if (from != null) from.handles--;
        if (to != null) to.handles++;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) return;
        if (Thread.currentThread() != thread || CURRENT.get() != this) {
            throw new IllegalStateException("A scope must be closed on the thread that opened it, inner scopes first.");
        }
        closed = true;
        try {
            if (owned != null) owned.forEach(GradientHook::close);
        } finally {
            CURRENT.set(parent);
            pointers.close();
        }
        LIVE.addAndGet(-handles);
    }
}
