package dev.attune.cli;

import dev.attune.data.DataCache;
import dev.attune.hub.Hub;
import dev.attune.io.LargePages;
import dev.attune.task.Tasks;
import dev.attune.tensor.Cpu;
import dev.attune.tensor.Native;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune doctor}: what this machine offers, and whether the natives load. */
@Command(name = "doctor", header = "Show what Attune finds on this machine.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime runtime = Runtime.getRuntime();
        row(out, "java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
        row(out, "platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        row(out, "processors", Integer.toString(runtime.availableProcessors()));
        row(out, "instructions", instructions(Cpu.here()));
        row(out, "memory", memory(Path.of("/proc/meminfo")));
        row(out, "java heap", "at most " + Numbers.bytes(runtime.maxMemory()));
        row(out, "attune.home", System.getProperty("attune.home", "not set"));
        row(out, "recipes", Integer.toString(RecipeFiles.all().size()));
        row(out, "tasks", String.join(", ", Tasks.keys()));
        row(out, "models", String.join(", ", Hub.aliases()));
        row(out, "model cache", folder(Hub.cache()));
        row(out, "data cache", folder(DataCache.folder()));
        out.flush();
        Native.load(); // says what is missing if the natives are not there
        row(out, "libtorch", Native.version() + ", " + Native.cpuCapability());
        row(out, "pages", LargePages.here().toString());
        row(out, "threads", Native.threads() + " for one operation");
        return 0;
    }

    private static void row(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "  %-14s %s", name, value));
    }

    private static String folder(Path path) {
        return path + (Files.isDirectory(path) ? "" : " (not there yet)");
    }

    /** The instructions that decide about speed, and whether bfloat16 pays. */
    private static String instructions(Cpu cpu) {
        if (!cpu.isKnown()) return "unknown";
        String found = Stream.of("avx2", "avx512f", "avx512_bf16", "amx_bf16")
                .filter(cpu::has)
                .collect(Collectors.joining(", "));
        return (found.isEmpty() ? "none of avx2, avx512f" : found)
                + (cpu.hasBfloat16() ? "; bf16: true is worth a try" : "; no bfloat16, leave bf16 off");
    }

    private static String memory(Path meminfo) {
        String total = kilobytes(meminfo, "MemTotal");
        return total.isEmpty() ? "unknown" : total + ", " + kilobytes(meminfo, "MemAvailable") + " available";
    }

    private static String kilobytes(Path meminfo, String name) {
        String digits = field(meminfo, name).replaceAll("\\D", "");
        return digits.isEmpty() ? "" : Numbers.bytes(Long.parseLong(digits) << 10);
    }

    private static String field(Path file, String name) {
        // Only Linux has these files.
        if (!Files.isReadable(file)) return "";
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches(name + "\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
