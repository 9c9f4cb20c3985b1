package dev.attune.data.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An entry on its way into the cache. Others that want the same one wait meanwhile. Where the folder cannot be written
 * to, the bytes go to a temporary file, and there will be no entry. Closing removes what did not become an entry.
 */
public final class CacheMaking implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheMaking.class);

    private final String name;
    private final @Nullable CacheFolder folder;
    private boolean keeps;
    private @Nullable FileLock lock;
    private @Nullable CacheLease lease;
    private @Nullable Path staged;
    private @Nullable RecordWriter records;

    /** Waits until nobody else makes the entry. */
    public CacheMaking(@Nullable CacheFolder folder, String name) {
        this.folder = folder;
        this.name = name;
        this.keeps = folder != null;
        try {
            if (folder != null) lock = folder.lock(name);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    /** Takes the bytes of the entry; up to {@code heapLimit} there will be none. */
    public RecordWriter records(int heapLimit) {
        records = new RecordWriter(heapLimit, () -> {
            try {
                Path entry = stage();
                if (entry != null) {
                    return FileChannel.open(
                            entry.resolve(CacheEntry.RECORDS),
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ, // if there will be no entry, this is where rows are read from
                            StandardOpenOption.WRITE);
                }
            } catch (IOException e) {
                giveUp(e);
            }
            return RecordFile.temporary();
        });
        return records;
    }

    private @Nullable Path stage() throws IOException {
        if (folder == null || !keeps) return null;
        staged = folder.stage();
        lease = folder.lease(staged);
        return staged;
    }

    /** There will be no entry: what was found must not be found again. */
    public void keepNothing() {
        keeps = false;
    }

    /** Whether {@link #finish} leaves an entry for the next run. */
    public boolean keeps() {
        return folder != null && staged != null && keeps;
    }

    /** Ends the records, gives the entry its name, and opens it. */
    public Records finish(CacheEntry entry) {
        RecordWriter written = records;
        if (written == null) throw new IllegalStateException("there are no records");
        records = null;
        if (!keeps() || folder == null || staged == null) return written.finish();
        try {
            entry.write(staged, written.finishFile());
            return publish(folder, staged);
        } catch (IOException e) {
            throw RecordWriter.failed(e);
        }
    }

    private Records publish(CacheFolder folder, Path staged) throws IOException {
        try {
            return folder.publish(staged, name, CacheFolder.Found::records);
        } catch (IOException e) {
            if (!Files.isDirectory(staged)) throw e;
            giveUp(e); // an entry of that name stands there and cannot be read: this run uses its own
            return CacheEntry.read(staged).open(staged, () -> {});
        }
    }

    /** Keeps an entry without records. */
    public void keep(CacheEntry entry) {
        try {
            Path target = stage();
            if (folder == null || target == null) return;
            entry.write(target, null);
            folder.publish(target, name, found -> {
                found.lease().close();
                return found;
            });
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void giveUp(IOException e) {
        LOG.warn("The data cache cannot be used, so this run keeps nothing for the next: {}", e.toString());
        keeps = false;
    }

    @Override
    public void close() {
        if (records != null) records.abandon();
        try {
            if (staged != null && folder != null) folder.discard(staged);
        } catch (IOException e) {
            LOG.debug("Cannot tidy up the data cache", e); // whoever makes room next tries again
        } finally {
            if (lease != null) lease.close();
            unlock();
        }
    }

    private void unlock() {
        try {
            if (lock != null && folder != null) folder.unlock(name, lock);
        } catch (IOException e) {
            LOG.debug("Cannot remove a lock of the data cache", e); // it is not held any more
        }
    }
}
