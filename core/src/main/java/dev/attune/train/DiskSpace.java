package dev.attune.train;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Whether a disk has room for a checkpoint. Twice its size has to be free, so that a save does not take the last bytes from other
 * programs, from the record of the run, and from the model at its end.
 */
final class DiskSpace {
    private final Room room;
    private long checkpoint;

    /** The bytes that may still be written. */
    @FunctionalInterface
    interface Room {
        long bytes() throws IOException;

        /** Of the disk that a folder is on. */
        static Room of(Path folder) {
            return () -> Files.getFileStore(folder).getUsableSpace();
        }
    }

    /** @param checkpoint bytes of the first one, at most */
    DiskSpace(Room room, long checkpoint) {
        this.room = room;
        this.checkpoint = checkpoint;
    }

    /** The size of a checkpoint that was saved: the next one has the same. */
    void learn(long bytes) {
        checkpoint = bytes;
    }

    /**
     * @param isLast whether the run ends with this save: then room for the checkpoint alone will do
     * @throws CheckpointException if there is too little
     */
    void require(boolean isLast) {
        long free;
        try {
            free = room.bytes();
        } catch (IOException e) {
            return; // the save itself will tell
        }
        // A full disk and one that does not tell look the same: the save finds out.
        if (free <= 0 || free >= checkpoint * (isLast ? 1 : 2)) return;
        throw new CheckpointException("it takes " + words(checkpoint)
                + (isLast ? "" : ", and as much again has to stay free") + ", but only " + words(free)
                + " are free on the disk of output_dir.");
    }

    private static String words(long bytes) {
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.0f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
