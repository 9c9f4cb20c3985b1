package dev.attune.data.store;

import dev.attune.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** By what files are known again without reading them: absolute path, size and time stamp, and what messages call them. */
public final class FileStamps {
    private static final long SMALL = 1L << 20; // read sooner than looked up
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private record Stamp(Path file, String name, long bytes, FileTime changed) {}

    private final List<Stamp> stamps;
    private final Instant taken = Instant.now();

    private FileStamps(List<Stamp> stamps) {
        this.stamps = stamps;
    }

    /** @param names what messages call each file, which is kept with its rows */
    public static FileStamps of(List<Path> files, List<String> names) throws IOException {
        List<Stamp> stamps = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i).toAbsolutePath();
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.add(new Stamp(file, names.get(i), found.size(), found.lastModifiedTime()));
        }
        return new FileStamps(stamps);
    }

    public boolean areSmall() {
        return stamps.stream().mapToLong(Stamp::bytes).sum() <= SMALL;
    }

    /** Whether a file was written just now: a second change might leave both its size and its time stamp as they are. */
    public boolean areYoung() {
        return stamps.stream()
                .anyMatch(stamp ->
                        Duration.between(stamp.changed.toInstant(), taken).abs().compareTo(YOUNG) < 0);
    }

    public String key() {
        MessageDigest digest = Sha256.digest();
        for (Stamp stamp : stamps) {
            // A NUL is in no path, so the parts cannot run into each other.
            String line = stamp.file + "\0" + stamp.name + "\0" + stamp.bytes + "\0" + stamp.changed.toInstant() + "\0";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return Sha256.hex(digest);
    }

    /** Whether a file changed since. */
    public boolean haveChanged() {
        for (Stamp stamp : stamps) {
            try {
                BasicFileAttributes now = Files.readAttributes(stamp.file, BasicFileAttributes.class);
                if (now.size() != stamp.bytes || !now.lastModifiedTime().equals(stamp.changed)) return true;
            } catch (IOException e) {
                return true; // gone
            }
        }
        return false;
    }
}
