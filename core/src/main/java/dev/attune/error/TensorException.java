package dev.attune.error;

/** A tensor operation failed: names the operation and the shapes. Exit code 1. */
public final class TensorException extends AttuneException {
    public TensorException(String message) {
        super(message, null);
    }

    public TensorException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether memory was asked for that the system did not give. */
    public boolean isOutOfMemory() {
        return String.valueOf(getMessage()).contains("can't allocate memory")
                || String.valueOf(getMessage()).contains("bad_alloc");
    }

    @Override
    public int exitCode() {
        return 1;
    }
}
