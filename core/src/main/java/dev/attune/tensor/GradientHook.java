package dev.attune.tensor;

import dev.attune.error.TensorException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.jspecify.annotations.Nullable;

/**
 * A function that sees, and may replace, the gradient of one tensor during {@link Tensor#backward()}. Made by {@link
 * Grad#onGradient}; in force until {@link #close()}, even if nobody holds this object.
 */
public final class GradientHook implements AutoCloseable {
    /** Native code holds a Java callback only weakly: this map keeps it alive until it is closed. */
    private static final Map<Long, GradientHook> OPEN = new ConcurrentHashMap<>();

    private static final AtomicLong NEXT_ID = new AtomicLong();

    /**
     * What the last callback on this thread returned. Native code copies it after the callback has returned, so it can be
     * freed only by the next callback on the same thread or at the end of backward.
     */
    private static final ThreadLocal<org.bytedeco.pytorch.@Nullable Tensor> RETURNED = new ThreadLocal<>();

    /** An exception crosses native code as text only, so the text says whose exception to look up. */
    private static final Pattern FAILED = Pattern.compile("attune gradient hook (\\d+) failed");

    private final long id = NEXT_ID.incrementAndGet();
    private final UnaryOperator<Tensor> function;
    /** A handle of our own: the caller may close its own first. */
    private final Tensor subject;

    private final TensorTensorHook callback;
    private final int registration;
    private volatile boolean running;
    private volatile @Nullable Throwable failure;

    private GradientHook(Tensor subject, UnaryOperator<Tensor> function) {
        this.function = function;
        this.callback = new Callback();
        callback.retainReference(); // not freed by the scope it happens to be made in
        this.subject =
                Tensor.of(new org.bytedeco.pytorch.Tensor(subject.handle())).keep();
        try {
            this.registration =
                    Operation.guard("onGradient", () -> subject.handle().register_hook(callback), subject);
        } catch (RuntimeException e) {
            this.subject.close();
            callback.close();
            throw e;
        }
    }

    static GradientHook register(Tensor subject, UnaryOperator<Tensor> function) {
        GradientHook hook = new GradientHook(subject, function);
        OPEN.put(hook.id, hook);
        return hook;
    }

    /** Runs a backward pass; an exception of a hook becomes the cause of what is thrown. */
    static void during(Runnable backward) {
        try {
            backward.run();
        } catch (TensorException e) {
            Throwable cause = causeOf(e);
            if (cause == null) throw e;
            throw new TensorException("backward: a gradient hook failed: " + cause, cause);
        } finally {
            freeReturned();
        }
    }

    /** Ends the hook: later backward passes do not call it. Not from inside the hook itself. */
    @Override
    public void close() {
        if (running) throw new IllegalStateException("A gradient hook cannot be closed while it runs.");
        if (OPEN.remove(id) == null) return;
        subject.handle().remove_hook(registration);
        subject.close();
        callback.close();
    }

    private static @Nullable Throwable causeOf(TensorException e) {
        Matcher matcher = FAILED.matcher(String.valueOf(e.getMessage()));
        GradientHook hook = matcher.find() ? OPEN.get(Long.parseLong(matcher.group(1))) : null;
        if (hook == null) return null;
        Throwable failure = hook.failure;
        hook.failure = null;
        return failure;
    }

    private static void freeReturned() {
        org.bytedeco.pytorch.Tensor last = RETURNED.get();
        if (last == null) return;
        RETURNED.remove();
        last.close();
    }

    /** May run on a thread of libtorch, which has no scope: it opens its own. */
    private final class Callback extends TensorTensorHook {
        @Override
        public TensorBase call(TensorBase gradient) {
            freeReturned();
            if (!gradient.defined()) return gradient;
            running = true;
            try (Scope scope = Scope.open()) {
                // The argument is a view into native code that ends with this call.
                Tensor result = function.apply(Tensor.of(new org.bytedeco.pytorch.Tensor(gradient)));
                org.bytedeco.pytorch.Tensor out = new org.bytedeco.pytorch.Tensor(result.handle());
                out.retainReference(); // a result that died with this scope would kill the process
                RETURNED.set(out);
                return out;
            } catch (Throwable t) {
                failure = t;
                throw new IllegalStateException("attune gradient hook " + id + " failed");
            } finally {
                running = false;
            }
        }
    }
}
