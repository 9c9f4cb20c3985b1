package dev.attune.tensor;

import com.sun.jna.Library;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Small work on the thread that asks for it. libtorch's other threads sleep between calls, since two pools that spin take the
 * processors from one another ({@link Native}), and to wake them takes 0.1 ms: longer than many a kernel.
 *
 * <p>The numbers stay the same where a kernel computes each of them on one thread anyway; so only such work belongs here. OpenBLAS keeps
 * its threads. Nothing changes where OpenMP is not GNU's (macOS, Windows).
 */
public final class OneThread {
    private OneThread() {}

    /** Of OpenMP, for the thread that calls; {@code torch.set_num_threads} would be for threads that are new as well. */
    private interface OpenMp extends Library {
        void omp_set_num_threads(int threads);
    }

    /** Runs {@code body} with one thread for each of libtorch's kernels. */
    public static <T extends @Nullable Object> T run(Supplier<T> body) {
        OpenMp openMp = Loaded.OPEN_MP;
        int threads = torch.get_num_threads(); // a thread's first question sets its number, and would undo ours later
        if (openMp == null || threads == 1) return body.get();
        openMp.omp_set_num_threads(1);
        try {
            return body.get();
        } finally {
            openMp.omp_set_num_threads(threads);
        }
    }

    /** Runs {@code body} with one thread for each of libtorch's kernels. */
    public static void run(Runnable body) {
        OneThread.<@Nullable Object>run(() -> {
            body.run();
            return null;
        });
    }

    private static final class Loaded {
        private static final @Nullable OpenMp OPEN_MP = load();

        private static @Nullable OpenMp load() {
            Loader.load(torch.class);
            String library = Loader.getLoadedLibraries().get("gomp@.1");
            if (library == null) return null;
            try {
                return com.sun.jna.Native.load(library, OpenMp.class);
            } catch (LinkageError | RuntimeException notThere) {
                return null;
            }
        }
    }
}
