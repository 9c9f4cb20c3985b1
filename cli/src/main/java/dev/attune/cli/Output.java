package dev.attune.cli;

import dev.attune.error.ConfigException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output in UTF-8, whatever the locale says. A {@link PrintWriter} swallows what goes wrong; this one remembers
 * it, so that a full disk is an error and not a result that is cut short.
 */
final class Output extends PrintWriter {
    /** What a shell says of a program that wrote to a reader who was gone: 128 and the number of SIGPIPE. */
    static final int READER_GONE = 141;

    /** Nobody reads on, as after {@code | head}: a reason to stop, and none to complain. */
    static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1;

        ReaderGone(IOException cause) {
            super(cause);
        }
    }

    private final Remembering stream;

    Output(OutputStream target) {
        this(new Remembering(target));
    }

    private Output(Remembering stream) {
        super(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
        this.stream = stream;
    }

    /**
     * Hands on what was printed so far.
     *
     * @throws ReaderGone if it goes to a pipe that is closed
     * @throws ConfigException if it cannot be written for another reason
     */
    static void check(PrintWriter out) {
        if (!out.checkError()) return;
        IOException failure = out instanceof Output output ? output.stream.failure : null;
        String reason = failure == null ? "unknown reason" : String.valueOf(failure.getMessage());
        // Java has no kind of exception for it; the word is in the message of every system.
        if (failure != null && reason.toLowerCase(Locale.ROOT).contains("pipe")) throw new ReaderGone(failure);
        throw new ConfigException(
                "Standard output cannot be written (" + reason + "), so its end is missing. Check free space where it"
                        + " goes.",
                failure);
    }

    private static final class Remembering extends OutputStream {
        private final OutputStream target;
        private @Nullable IOException failure;

        Remembering(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                target.write(bytes, offset, length);
                target.flush();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
