package dev.attune.cli;

import dev.attune.error.ConfigException;
import dev.attune.io.TerminalText;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune lab}: a lab of the course, cell by cell. */
@Command(
        name = "lab",
        header = "Run a lab of the course in the terminal.",
        sortOptions = false,
        footer = {"", "Without a name the labs are listed.", "", "Example:", "  attune lab NAME --short"})
final class LabCommand implements Callable<Integer> {
    private static final String SHORT = "attune.lab.short";
    private static final String OUTPUT = "attune.lab.output";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The lab.")
    private @Nullable String name;

    @Option(names = "--short", description = "Train for a few steps on a few rows, to see whether everything runs.")
    private boolean shortened;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where runs of the lab are written; runs/lab-NAME if not given.")
    private @Nullable Path output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) return list(out);
        Path file = LabFiles.require(name);
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new ConfigException("A lab needs a JDK, and " + System.getProperty("java.home")
                    + " has no module jdk.jshell. Set JAVA_HOME to a JDK, 17 or newer.");
        }
        Notebook lab = Notebook.read(file);
        System.setProperty(SHORT, Boolean.toString(shortened));
        System.setProperty(OUTPUT, (output == null ? Path.of("runs", "lab-" + name) : output).toString());
        PrintStream before = System.out;
        // What a cell prints goes where the command prints, in the same encoding.
        PrintStream cells = new PrintStream(new ToWriter(out), true, StandardCharsets.UTF_8);
        System.setOut(cells);
        try {
            return run(lab, file, out);
        } finally {
            cells.flush();
            System.setOut(before);
            System.clearProperty(SHORT);
            System.clearProperty(OUTPUT);
        }
    }

    private int run(Notebook lab, Path file, PrintWriter out) {
        int number = 0;
        try (CellShell shell = new CellShell()) {
            for (Notebook.Cell cell : lab.cells()) {
                number++;
                if (cell.onlyForJupyter()) continue;
                if (!cell.code()) {
                    out.println("\n" + cell.source());
                    continue;
                }
                out.println();
                cell.java().lines().forEach(line -> out.println("    | " + line));
                out.println();
                String value = shell.run(cell.java());
                System.out.flush();
                if (value != null) out.println(value);
                out.flush();
                Output.check(out);
            }
        } catch (CellShell.Failed e) {
            System.out.flush();
            out.flush();
            Failures.say(
                    spec.commandLine().getErr(),
                    "Cell " + number + " of " + file + " stopped the lab: " + e.getMessage());
            return e.exitCode();
        }
        return 0;
    }

    private int list(PrintWriter out) {
        List<Path> labs = LabFiles.all();
        for (Path file : labs) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-24s %s",
                    TerminalText.line(LabFiles.name(file)),
                    TerminalText.line(Notebook.read(file).title())));
        }
        if (labs.isEmpty()) {
            out.println("No labs are installed here.");
            return 0;
        }
        String run = "attune lab " + LabFiles.name(labs.get(0));
        out.println("\nRun one with:     " + run);
        out.println("A few steps only: " + run + " --short");
        return 0;
    }

    /** Bytes of UTF-8 to a writer: whole characters only, so what is left of one waits for its rest. */
    private static final class ToWriter extends OutputStream {
        private final PrintWriter out;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        ToWriter(PrintWriter out) {
            this.out = out;
        }

        @Override
        public synchronized void write(int b) {
            line.write(b);
            if (b == '\n') flush();
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) write(bytes[i]);
        }

        @Override
        public synchronized void flush() {
            out.print(line.toString(StandardCharsets.UTF_8));
            out.flush();
            line.reset();
        }
    }
}
