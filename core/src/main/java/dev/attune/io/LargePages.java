package dev.attune.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whether tensors lie on pages of 2 MB instead of 4 kB (Linux, transparent huge pages). The first touch of a page costs a
 * fault; a training whose activations are large spends most of its time on them where faults are dear, as on many virtual
 * machines. Kernels usually give large pages to who asks ({@code madvise}), and there are two who may ask: the C library for
 * all memory, if the environment said so when the process started, or libtorch for its own tensors.
 */
public enum LargePages {
    /** Not Linux, or the kernel gives none. */
    NONE("small pages"),
    /** The kernel gives them without being asked. */
    ALWAYS("large pages by the kernel"),
    /** The C library asks ({@code GLIBC_TUNABLES=glibc.malloc.hugetlb=1}): the most that can be had. */
    ALL_MEMORY("large pages"),
    /** The kernel gives them to who asks, and the C library was not told to. */
    TENSORS("large pages for tensors only; GLIBC_TUNABLES=" + LargePages.TUNABLE + "=1 gives them to all memory");

    private static final String TUNABLE = "glibc.malloc.hugetlb";
    private static final Path KERNEL = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private final String text;

    LargePages(String text) {
        this.text = text;
    }

    /** What this process has; {@link #TENSORS} only if libtorch is told to ask. */
    public static LargePages here() {
        return of(setting(), System.getenv("GLIBC_TUNABLES"));
    }

    /**
     * @param kernel the kernel's setting, {@code always [madvise] never} for instance
     * @param tunables the value of {@code GLIBC_TUNABLES}
     */
    static LargePages of(String kernel, @Nullable String tunables) {
        if (kernel.contains("[always]")) return ALWAYS;
        if (!kernel.contains("[madvise]")) return NONE;
        return tunables != null && tunables.contains(TUNABLE + "=1") ? ALL_MEMORY : TENSORS;
    }

    private static String setting() {
        try {
            return Files.readString(KERNEL);
        } catch (IOException | SecurityException notLinux) {
            return "";
        }
    }

    /** A few words for people. */
    @Override
    public String toString() {
        return text;
    }
}
