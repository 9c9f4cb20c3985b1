package dev.attune.io;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.util.Locale;
import java.util.function.Consumer;

/** The calls of the C library of Linux that tune memory and threads; the names are its own. */
public interface LibC extends Library {
    int setenv(String name, String value, int overwrite);

    int mallopt(int parameter, int value);

    int madvise(Pointer address, NativeLong length, int advice);

    /** Runs {@code calls} on Linux. Tuning is never needed: elsewhere, and where a call is missing (musl), nothing happens. */
    static void call(Consumer<LibC> calls) {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) return;
        try {
            calls.accept(Native.load("c", LibC.class));
        } catch (UnsatisfiedLinkError | RuntimeException notGlibc) {
            // works untuned
        }
    }
}
