package dev.attune.data.store;

import java.io.IOException;

/** What an entry of the cache holds does not fit together: it is to be made anew. */
public final class DamagedEntryException extends IOException {
    public DamagedEntryException(String message) {
        super(message);
    }

    public DamagedEntryException(String message, Throwable cause) {
        super(message, cause);
    }
}
