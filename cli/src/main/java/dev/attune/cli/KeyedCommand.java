package dev.attune.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that has keys as flags: more than a screen holds, so there are two pages of help. */
abstract class KeyedCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(names = "--help-all", help = true, description = "Show all flags.")
    private boolean helpAll;

    @Override
    public final Integer call() throws IOException {
        if (!helpAll) return run();
        spec.commandLine().getOut().print(allFlags());
        return 0;
    }

    /** Does the work; returns the exit code. */
    abstract int run() throws IOException;

    /** The page of {@code --help-all}. */
    abstract String allFlags();
}
