package dev.attune.cli;

import dev.attune.error.AttuneException;
import dev.attune.io.TerminalText;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every failure as one message on standard error and an exit code; a stack trace only with {@code --debug}. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final int BUG = 1;
    static final int USAGE = 2;

    private final boolean debug;

    Failures(boolean debug) {
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        if (exception instanceof ParameterException wrong) return handleParseException(wrong, new String[0]);
        return report(exception, command.getErr(), debug);
    }

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine command = exception.getCommandLine();
        PrintWriter err = command.getErr();
        if (debug) trace(exception, err);
        say(err, String.valueOf(exception.getMessage()));
        UnmatchedArgumentException.printSuggestions(exception, err);
        err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        return USAGE;
    }

    /** Prints the failure and returns its exit code. */
    static int report(Throwable failure, PrintWriter err, boolean debug) {
        if (debug) trace(failure, err);
        if (failure instanceof Output.ReaderGone) return Output.READER_GONE;
        AttuneException known = known(failure);
        if (known != null) {
            say(err, String.valueOf(known.getMessage()));
            return known.exitCode();
        }
        if (failure instanceof OutOfMemoryError) {
            say(
                    err,
                    "Java ran out of memory (" + failure.getMessage() + "). Give it more, for instance"
                            + " ATTUNE_JAVA_OPTS=-Xmx4g, or use less data.");
            return BUG;
        }
        String what = failure.toString().lines().findFirst().orElse("unknown");
        say(err, "This is a bug of Attune: " + what + (debug ? "" : " (run with --debug for details)"));
        return BUG;
    }

    /** Messages quote labels, texts and queries: only the first line starts at the margin, whatever they hold. */
    static void say(PrintWriter err, String message) {
        err.println("attune: " + TerminalText.block(message).replaceAll("\\n(?=\\S)", "\n  "));
    }

    private static void trace(Throwable failure, PrintWriter err) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        err.print(TerminalText.block(trace.toString()));
    }

    /** An error of ours may be wrapped: by a static initialiser, a future, a parallel stream. */
    private static @Nullable AttuneException known(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (cause instanceof AttuneException ours) return ours;
        }
        return null;
    }
}
