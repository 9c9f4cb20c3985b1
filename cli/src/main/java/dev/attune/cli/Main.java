package dev.attune.cli;

import dev.attune.job.BuildInfo;
import dev.attune.job.TrainedOptions;
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
            int code = commandLine(debug).setOut(out).setErr(err).execute(RecipeFlags.normalise(args));
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

    static CommandLine commandLine(boolean debug) {
        CommandLine main = new CommandLine(new Main());
        for (CommandSpec command : List.of(
                RecipeFlags.addAll(CommandSpec.forAnnotatedObject(new TrainCommand())),
                RecipeFlags.add(CommandSpec.forAnnotatedObject(new EvaluateCommand()), TrainedOptions.known(false)),
                RecipeFlags.add(CommandSpec.forAnnotatedObject(new PredictCommand()), TrainedOptions.known(true)),
                RecipeFlags.addAll(CommandSpec.forAnnotatedObject(new CheckCommand()), "learning_rate", "bf16"),
                RecipeFlags.addAll(CommandSpec.forAnnotatedObject(new SearchCommand()), "learning_rate", "bf16"),
                RecipeFlags.addAll(
                        CommandSpec.forAnnotatedObject(new LrRangeCommand()),
                        "validation",
                        "num_train_epochs",
                        "learning_rate",
                        "bf16"),
                CommandSpec.forAnnotatedObject(new ConvertCommand()),
                CommandSpec.forAnnotatedObject(new ExplainCommand()),
                CommandSpec.forAnnotatedObject(new RecipesCommand()),
                CommandSpec.forAnnotatedObject(new LabCommand()),
                CommandSpec.forAnnotatedObject(new DoctorCommand()))) {
            main.addSubcommand(command.name(), new CommandLine(command));
        }
        Failures failures = new Failures(debug);
        return main.setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                // A text that starts with @ is a text, not the name of a file with more arguments.
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true);
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
