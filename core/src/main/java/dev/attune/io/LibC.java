package dev.attune.io;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls of the C library, those that tune memory and threads on Linux first; the names are its own. */
public interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int mallopt(int parameter, int value);

    int madvise(Pointer address, NativeLong length, int advice);

    int isatty(int descriptor);

    void _exit(int code);

    /**
     * Ends the process at once. Java's own halt calls the destructors of native libraries, which libtorch does not survive while
     * it computes.
     */
    static void exitNow(int code) {
        call(c -> c._exit(code));
        Runtime.getRuntime().halt(code);
    }

    /** Runs {@code calls} on Linux. Tuning is never needed: elsewhere, and where a call is missing (musl), nothing happens. */
    static void call(Consumer<LibC> calls) {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) return;
        LibC c = Loaded.C;
        if (c == null) return;
        try {
            calls.accept(c);
        } catch (UnsatisfiedLinkError | RuntimeException notGlibc) {
            // works untuned
        }
    }

    /**
     * Whether somebody sits behind a file descriptor (0 standard input, 1 output, 2 errors), or empty where there is no C
     * library to ask, as on Windows.
     */
    static Optional<Boolean> isTerminal(int descriptor) {
        LibC c = Loaded.C;
        if (c == null) return Optional.empty();
        try {
            return Optional.of(c.isatty(descriptor) == 1);
        } catch (LinkageError | RuntimeException unknown) {
            return Optional.empty();
        }
    }

    /** Looked up once: that takes longer than a call, and a model of many tensors makes many. */
    final class Loaded {
        private static final @Nullable LibC C = load();

        private Loaded() {}

        private static @Nullable LibC load() {
            if (Platform.isWindows()) return null;
            try {
                return Native.load("c", LibC.class);
            } catch (LinkageError | RuntimeException notThere) {
                return null;
            }
        }
    }
}
