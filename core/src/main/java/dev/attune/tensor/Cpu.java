package dev.attune.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** This machine's processor: its name, and the instructions that decide about speed, as Linux names them. */
public final class Cpu {
    /** x86 and Arm; without one of these libtorch computes bfloat16 by detours, several times slower than FLOAT32. */
    private static final List<String> BFLOAT16 = List.of("amx_bf16", "avx512_bf16", "bf16");

    /** The same of float16. Conversion alone, as f16c, is none of them. */
    private static final List<String> FLOAT16 = List.of("amx_fp16", "avx512_fp16", "asimdhp");

    private final String name;
    private final Set<String> flags;

    private Cpu(String name, Set<String> flags) {
        this.name = name;
        this.flags = flags;
    }

    /** This machine's processor. */
    public static Cpu here() {
        return of(Path.of("/proc/cpuinfo"));
    }

    /** What a file in the form of Linux's {@code /proc/cpuinfo} says; nothing is known if it cannot be read. */
    public static Cpu of(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) return new Cpu("unknown", Set.of());
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            // Of the first of all processors; a name stands before its flags.
            String[] found = {"unknown", ""};
            lines.takeWhile(line -> found[1].isEmpty()).forEach(line -> {
                if (line.matches("model name\\s*:.*")) found[0] = value(line);
                if (line.matches("(flags|Features)\\s*:.*")) found[1] = value(line);
            });
            return new Cpu(found[0], found[1].isEmpty() ? Set.of() : new HashSet<>(List.of(found[1].split("\\s+"))));
        } catch (IOException | UncheckedIOException unreadable) {
            return new Cpu("unknown", Set.of());
        }
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).trim();
    }

    /** As its maker calls it; {@code unknown} where nobody says. */
    public String name() {
        return name;
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
        return !bfloat16().isEmpty();
    }

    /** The best instructions for bfloat16 products, {@code amx_bf16} for one; empty without any. */
    public String bfloat16() {
        return BFLOAT16.stream().filter(flags::contains).findFirst().orElse("");
    }

    /** Whether float16 products have instructions of their own, as far as is known. */
    public boolean hasFloat16() {
        return FLOAT16.stream().anyMatch(flags::contains);
    }
}
