package dev.attune.error;

/** A wrong key, value, option or place to write to. Exit code 2. */
public class ConfigException extends AttuneException {
    public ConfigException(String message) {
        super(message, null);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 2;
    }
}
