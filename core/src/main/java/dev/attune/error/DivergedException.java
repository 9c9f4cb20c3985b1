package dev.attune.error;

/** Training left the finite numbers. Exit code 5. */
public final class DivergedException extends AttuneException {
    public DivergedException(String message) {
        super(message, null);
    }

    public DivergedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 5;
    }
}
