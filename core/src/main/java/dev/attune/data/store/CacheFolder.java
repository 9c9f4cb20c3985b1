package dev.attune.data.store;

import dev.attune.io.FileLocks;
import dev.attune.io.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of entries, each a folder that is made under another name and then moved, so it is whole or absent. Several
 * processes may use it. {@code leases} tells who uses what, {@code locks} who makes what.
 */
public final class CacheFolder {
    private static final String UNFINISHED = "unfinished-";
    private static final String DISCARDED = "discarded-";
    // The folder may be one where others keep things of theirs, so what has no name of ours is not touched.
    private static final Pattern ENTRY = Pattern.compile("(rows|examples|memo)-\\d+-[0-9a-f]{64}");
    private static final Pattern LEFT_OVER =
            Pattern.compile("(?:" + UNFINISHED + "|" + DISCARDED + ")[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

    private final Path root;
    private final Path leases;
    private final Path locks;
    private final long maxBytes;

    public CacheFolder(Path root, long maxBytes) {
        this.root = root.toAbsolutePath();
        this.leases = this.root.resolve("leases");
        this.locks = this.root.resolve("locks");
        this.maxBytes = maxBytes;
    }

    /** An entry in use: whoever is done with it closes the lease, or the records of the entry. */
    public record Found(CacheEntry entry, Path folder, CacheLease lease) {
        public Records records() throws IOException {
            return entry.open(folder, lease);
        }
    }

    /** Makes a value of an entry. */
    @FunctionalInterface
    public interface Opening<T> {
        T open(Found found) throws IOException;
    }

    /** What is in the cache under this name; an entry that is damaged is removed. */
    public <T> @Nullable T find(String name, Opening<T> opening) throws IOException {
        Path folder = root.resolve(name);
        if (!Files.exists(folder)) return null;
        CacheLease lease = CacheLease.take(leases, name);
        try {
            CacheEntry entry = CacheEntry.read(folder);
            T value = opening.open(new Found(entry, folder, lease));
            markUsed(folder);
            return value;
        } catch (DamagedEntryException | NoSuchFileException e) {
            lease.close();
            discard(folder);
            return null;
        } catch (IOException | RuntimeException | Error e) { // such as too many open files: that is no damage
            lease.close();
            throw e;
        }
    }

    /** Only the order in which entries go depends on it. */
    private static void markUsed(Path folder) {
        try {
            Files.setLastModifiedTime(folder.resolve(CacheEntry.FILE), FileTime.from(Instant.now()));
        } catch (IOException e) {
            LOG.debug("Cannot mark an entry of the data cache as used", e);
        }
    }

    /** Held by who makes the entry; others wait. */
    public FileLock lock(String name) throws IOException {
        createDirectories(locks);
        FileChannel channel =
                FileChannel.open(locks.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = FileLocks.lock(channel, "prepares the same data (" + name + ")");
            // A new time stamp, through this channel: opening the file a second time would lose the lock on POSIX.
            channel.write(ByteBuffer.wrap(new byte[1]), 0);
            return lock;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Lets others have the lock, and removes its file. Who waits on the removed one and who makes a new one may then do the
     * same work, if there was no entry in the end; that harms nobody.
     */
    public void unlock(String name, FileLock lock) throws IOException {
        try (Channel held = lock.acquiredBy()) {
            Files.deleteIfExists(locks.resolve(name));
        }
    }

    /** A new entry under a name of its own. */
    public Path stage() throws IOException {
        createDirectories(root);
        return Files.createDirectory(root.resolve(UNFINISHED + UUID.randomUUID()), ownerOnly());
    }

    /** Nobody may remove the folder until the lease is closed. */
    public CacheLease lease(Path folder) throws IOException {
        return CacheLease.take(leases, folder.getFileName().toString());
    }

    /** Gives a staged entry its name, opens it, and makes room. */
    public <T> T publish(Path staged, String name, Opening<T> opening) throws IOException {
        try (CacheLease held = CacheLease.take(leases, name)) {
            Path folder = root.resolve(name);
            try {
                Files.move(staged, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.exists(folder)) throw e; // else another process was as fast, and its entry as good
            }
            T value = find(name, opening);
            if (value == null) throw new IOException(folder + " cannot be read back");
            try {
                makeRoom();
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("Old entries of the data cache cannot be removed: {}", e.toString());
            }
            return value;
        }
    }

    private record Aged(Path folder, long bytes, FileTime used) {}

    /** Removes what is unfinished or discarded and nobody's, and what was not used for the longest time. */
    private void makeRoom() throws IOException {
        List<Aged> entries = new ArrayList<>();
        long total = 0;
        for (Path folder : folders()) {
            String name = folder.getFileName().toString();
            if (LEFT_OVER.matcher(name).matches()) {
                if (name.startsWith(DISCARDED)) delete(folder);
                else if (!CacheLease.inUse(leases, name) && isOld(folder)) discard(folder);
            } else if (ENTRY.matcher(name).matches()) {
                Aged entry = aged(folder);
                entries.add(entry);
                total += entry.bytes;
            }
        }
        removeOldLocks();
        entries.sort(Comparator.comparing(Aged::used));
        for (Aged entry : entries) {
            if (total <= maxBytes) return;
            if (CacheLease.inUse(leases, entry.folder.getFileName().toString())) continue;
            discard(entry.folder);
            total -= entry.bytes;
        }
    }

    /** Locks of processes that died, which nobody asked for since yesterday. Should one be taken just now, two processes do the same work. */
    private void removeOldLocks() throws IOException {
        if (!Files.isDirectory(locks)) return;
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        try (Stream<Path> files = Files.list(locks)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!ENTRY.matcher(file.getFileName().toString()).matches()) continue;
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(yesterday)) continue;
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    if (FileLocks.tryLock(channel) != null) Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // another process removes them too
        }
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }

    /** A folder is made before its lease is taken; a minute is more than that takes. */
    private static boolean isOld(Path folder) throws IOException {
        try {
            return Files.getLastModifiedTime(folder)
                    .toInstant()
                    .isBefore(Instant.now().minusSeconds(60));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Aged aged(Path folder) throws IOException {
        long bytes = 0;
        FileTime used = FileTime.fromMillis(0);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                bytes += attributes.size();
                if (file.endsWith(CacheEntry.FILE)) used = attributes.lastModifiedTime();
            }
        } catch (NoSuchFileException e) {
            // another process removes it at this moment
        }
        return new Aged(folder, bytes, used);
    }

    /** First away from its name, in one step, so that nobody opens half of it. */
    public void discard(Path folder) throws IOException {
        Path discarded = root.resolve(DISCARDED + UUID.randomUUID());
        try {
            Files.move(folder, discarded, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return; // another process was faster
        }
        delete(discarded);
    }

    private static void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            // Windows keeps files that are mapped; whoever makes room next tries again
        }
    }

    /** The rows may be confidential: what we make is for its owner only, where the system knows owners. */
    private void createDirectories(Path folder) throws IOException {
        if (!Files.isDirectory(root)) {
            if (root.getParent() != null) Files.createDirectories(root.getParent());
            Files.createDirectories(root, ownerOnly());
        }
        Files.createDirectories(folder);
    }

    private FileAttribute<?>[] ownerOnly() {
        if (!root.getFileSystem().supportedFileAttributeViews().contains("posix")) return new FileAttribute<?>[0];
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        };
    }
}
