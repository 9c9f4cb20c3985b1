package dev.attune.checkpoint;

/** Closes what was opened on the way to a failure. */
final class CloseAfter {
    private CloseAfter() {}

    /** A failure to close is added to the failure that matters, and does not hide it. */
    static void failure(RuntimeException failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}
