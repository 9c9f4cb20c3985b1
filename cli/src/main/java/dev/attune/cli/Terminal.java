package dev.attune.cli;

import dev.attune.io.LibC;
import java.io.Console;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of the standard streams: a person, or a file or program that wants plain lines. Each stream is
 * asked for itself, since {@link System#console()} is one answer for all of them, and from Java 22 on it is there even if
 * everything is redirected. Attune uses no colours, so there is nothing for {@code NO_COLOR} to switch off here; the help
 * pages of picocli obey it.
 */
final class Terminal {
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;

    private Terminal() {}

    /** Whether standard output is a terminal on which a line can be rewritten. */
    static boolean output() {
        return isTerminal(OUTPUT) && rewrites(System.getenv("TERM"));
    }

    /** The same of the stream of errors and notes. */
    static boolean errors() {
        return isTerminal(ERRORS) && rewrites(System.getenv("TERM"));
    }

    /** Whether a terminal of this kind understands control sequences. */
    static boolean rewrites(@Nullable String kind) {
        return kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    private static boolean isTerminal(int descriptor) {
        return LibC.isTerminal(descriptor).orElseGet(Terminal::consoleIsTerminal);
    }

    /** Where streams cannot be asked: all of them together. */
    private static boolean consoleIsTerminal() {
        Console console = System.console();
        if (console == null) return false;
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJava22) {
            return true; // there a console is one only if it is a terminal
        }
    }
}
