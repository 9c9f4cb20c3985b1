package dev.attune.cli;

import dev.attune.error.StoppedException;
import dev.attune.io.LibC;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * SIGTERM and Ctrl-C while a training runs: the step under way is finished and saved. A second Ctrl-C ends the process at once.
 */
final class StopSignals implements AutoCloseable {
    /** The code of shells for a program that was interrupted. */
    static final int INTERRUPTED = 130;

    private final Runnable cancel;
    private final PrintWriter err;
    private final List<Runnable> restore = new ArrayList<>();
    private volatile boolean interrupted;

    /** @param cancel asks the run to save and stop */
    StopSignals(Runnable cancel, PrintWriter err) {
        this.cancel = cancel;
        this.err = err;
        handle("TERM", signal -> cancel.run());
        handle("INT", signal -> interrupted());
    }

    private void handle(String name, SignalHandler handler) {
        try {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, handler);
            restore.add(() -> Signal.handle(signal, before));
        } catch (IllegalArgumentException e) {
            // A system without this signal, or a Java that keeps it for itself (-Xrs): then it ends the process.
        }
    }

    private void interrupted() {
        if (interrupted) LibC.exitNow(INTERRUPTED);
        interrupted = true;
        cancel.run();
        err.println();
        err.println("attune: finishing the step and saving. Ctrl-C again ends at once, without saving.");
        err.flush();
    }

    /** The exit code of a run that was stopped. */
    int exitCode(StoppedException stopped) {
        return interrupted ? INTERRUPTED : stopped.exitCode();
    }

    @Override
    public void close() {
        restore.forEach(Runnable::run);
    }
}
