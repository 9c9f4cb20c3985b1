package dev.attune.cli;

import dev.attune.job.BuildInfo;
import dev.attune.job.TrainedOptions;
import dev.attune.tensor.Native;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of the {@code attune} command. */
@Command(
        name = "attune",
        header = "Fine-tune pretrained Transformers inside the JVM.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Start here:",
            "  attune train quickstart",
            "  attune predict --model runs/quickstart \"I lost my card\"",
            "",
            "attune COMMAND --help explains a command, attune explain KEY a setting.",
            "Any command takes --debug, which adds the stack trace of an error."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            hidden = true,
            description = "Show the stack trace of an error.")
    private boolean debug;

    @Option(
            names = "--jdbc-drivers",
            scope = ScopeType.INHERIT,
            hidden = true,
            paramLabel = "JAR",
            description = "Jars of JDBC drivers, as a class path; ATTUNE_JDBC_DRIVERS does the same.")
    private void jdbcDrivers(String jars) {
        // The library looks here and not into recipes: a recipe is data, and must not choose code.
        System.setProperty("attune.jdbc.drivers", jars);
    }

    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        System.exit(run(
                new Output(new FileOutputStream(FileDescriptor.out)),
                new Output(new FileOutputStream(FileDescriptor.err)),
                args));
    }

    /** Runs a command; returns its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        boolean debug = List.of(args).contains("--debug");
        try {
            // A training waits longest for the native libraries: they begin to load while its arguments are read.
            if (args.length > 1 && args[0].equals("train")) Native.loadAhead();
            int code = commandLine(debug, List.of(args)).setOut(out).setErr(err).execute(RecipeFlags.normalise(args));
            if (code == 0) Output.check(out);
            return code;
        } catch (Throwable e) {
            // picocli handles exceptions only; a library that does not load or a full heap arrives as an error.
            return Failures.report(e, err, debug);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** @param args what was asked: a command that is not among them needs no flags, and they take a while */
    static CommandLine commandLine(boolean debug, List<String> args) {
        CommandLine main = new CommandLine(new Main());
        for (Object command : List.of(
                new TrainCommand(),
                new EvaluateCommand(),
                new PredictCommand(),
                new CheckCommand(),
                new SearchCommand(),
                new LrRangeCommand(),
                new ConvertCommand(),
                new ExplainCommand(),
                new RecipesCommand(),
                new LabCommand(),
                new DoctorCommand())) {
            CommandSpec of = CommandSpec.forAnnotatedObject(command);
            if (args.contains(of.name())) addKeys(of);
            main.addSubcommand(of.name(), new CommandLine(of));
        }
        Failures failures = new Failures(debug);
        return main.setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                // A text that starts with @ is a text, not the name of a file with more arguments.
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true);
    }

    /** The keys of a recipe as flags, where a command has them. */
    private static void addKeys(CommandSpec command) {
        switch (command.name()) {
            case "train" -> RecipeFlags.addAll(command);
            case "evaluate" -> RecipeFlags.add(command, TrainedOptions.known(false));
            case "predict" -> RecipeFlags.add(command, TrainedOptions.known(true));
            case "check", "search" -> RecipeFlags.addAll(command, "learning_rate", "bf16");
            case "lr-range" -> RecipeFlags.addAll(command, "validation", "num_train_epochs", "learning_rate", "bf16");
            default -> {}
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Version and commit. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"attune " + BuildInfo.here()};
        }
    }
}
