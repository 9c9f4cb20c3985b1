package dev.attune.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that has one clear sentence for the person who can mend it: what happened, where (file, key, row, tensor
 * name) and what to do. Subclasses say whose mistake it is; {@link #exitCode()} is what the {@code attune} command returns.
 */
public abstract class AttuneException extends RuntimeException {
    AttuneException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Exit code of the command line: 1 our bug, 2 usage or configuration, 3 data, 4 model or checkpoint, 5 diverged. */
    public abstract int exitCode();
}
