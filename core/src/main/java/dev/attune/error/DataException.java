package dev.attune.error;

/** A row, column or file of data that cannot be used. Exit code 3. */
public final class DataException extends AttuneException {
    public DataException(String message) {
        super(message, null);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 3;
    }
}
