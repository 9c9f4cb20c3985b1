package dev.attune.error;

/** A model, tokenizer or checkpoint that is missing, malformed or does not fit. Exit code 4. */
public final class CheckpointException extends AttuneException {
    public CheckpointException(String message) {
        super(message, null);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 4;
    }
}
