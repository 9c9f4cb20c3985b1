package dev.attune.cli;

import dev.attune.io.TerminalText;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Lines that stay, and below them on a terminal one that is rewritten. */
final class ProgressLine implements AutoCloseable {
    private static final long REFRESH_NANOS = 100_000_000;
    // Return to the margin, do not wrap a line that is too long, and clear what is left of the line before.
    private static final String REWRITE = "\r\u001b[?7l%s\u001b[K\u001b[?7h";

    private final PrintWriter out;
    private final LongSupplier clock;
    private long lastRefresh;
    private boolean isOpen;

    /** @param clock in nanoseconds */
    ProgressLine(PrintWriter out, LongSupplier clock) {
        this.out = out;
        this.clock = clock;
        this.lastRefresh = clock.getAsLong() - REFRESH_NANOS;
    }

    /**
     * Shows a text in place of the one before, but not too often.
     *
     * @param last whether no other one will come, so that it is shown in any case
     */
    void rewrite(Supplier<String> text, boolean last) {
        long now = clock.getAsLong();
        if (now - lastRefresh < REFRESH_NANOS && !last) return;
        lastRefresh = now;
        out.print(String.format(Locale.ROOT, REWRITE, text.get()));
        out.flush();
        isOpen = true;
    }

    /** Prints what stays. */
    void line(String text) {
        clear();
        out.println(TerminalText.block(text));
        out.flush();
    }

    /** Takes the rewritten text away. */
    void clear() {
        if (isOpen) out.print(String.format(Locale.ROOT, REWRITE, "") + "\r");
        isOpen = false;
        out.flush();
    }

    /** Ends a line that is still rewritten, so that what follows, such as an error, begins at the margin. */
    @Override
    public void close() {
        if (isOpen) out.println();
        isOpen = false;
        out.flush();
    }
}
