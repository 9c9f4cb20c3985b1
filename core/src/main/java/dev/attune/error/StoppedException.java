package dev.attune.error;

/** Training was asked to stop and did so with its state saved. Exit code 75. */
public final class StoppedException extends AttuneException {
    public StoppedException(String message) {
        super(message, null);
    }

    public StoppedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 75;
    }
}
