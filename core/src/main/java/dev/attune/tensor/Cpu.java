package dev.attune.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The instructions of this machine's processor that decide about speed, as Linux names them. */
public final class Cpu {
    /** x86 and Arm; without one of these libtorch computes bfloat16 by detours, several times slower than FLOAT32. */
    private static final List<String> BFLOAT16 = List.of("amx_bf16", "avx512_bf16", "bf16");

    private final Set<String> flags;

    private Cpu(Set<String> flags) {
        this.flags = flags;
    }

    /** This machine's processor. */
    public static Cpu here() {
        return of(Path.of("/proc/cpuinfo"));
    }

    /** What a file in the form of Linux's {@code /proc/cpuinfo} says; nothing is known if it cannot be read. */
    public static Cpu of(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) return new Cpu(Set.of());
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return new Cpu(lines.filter(line -> line.matches("(flags|Features)\\s*:.*"))
                    .findFirst()
                    .map(line -> new HashSet<>(
                            List.of(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
                    .orElseGet(HashSet::new));
        } catch (IOException | UncheckedIOException unreadable) {
            return new Cpu(Set.of());
        }
    }

    /** Whether anything is known: only Linux tells. */
    public boolean isKnown() {
        return !flags.isEmpty();
    }

    public boolean has(String flag) {
        return flags.contains(flag);
    }

    /** Whether it is certain that bfloat16 products are slow here. */
    public boolean lacksBfloat16() {
        return isKnown() && !hasBfloat16();
    }

    /** Whether bfloat16 products have instructions of their own. */
    public boolean hasBfloat16() {
        return BFLOAT16.stream().anyMatch(flags::contains);
    }
}
