package dev.attune.io;

import dev.attune.io.AtomicFiles.ThrowingConsumer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders that are there completely or not at all: filled under another name beside the target, forced to disk file by file,
 * then moved. A crash leaves the old folder, and at worst hidden ones beside it; {@link #sweep} removes them, or finishes what
 * they were made for.
 */
public final class AtomicFolders {
    private static final Pattern LEFT_OVER =
            Pattern.compile("\\.(.+)\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(tmp|old|trash)");

    private AtomicFolders() {}

    /**
     * Fills a new folder. One of the same name is replaced; a crash between the two moves that this takes leaves both under hidden
     * names, and {@link #sweep} makes the second move.
     *
     * @param content writes files, no folders, into the folder it is given
     * @throws IOException if it cannot be written; nothing new is there then, and what was there still is
     */
    public static void write(Path folder, ThrowingConsumer<Path> content) throws IOException {
        Path target = folder.toAbsolutePath();
        String id = UUID.randomUUID().toString();
        Path temporary = hidden(target, id, "tmp");
        try {
            Files.createDirectories(temporary);
            content.accept(temporary);
            forceFiles(temporary);
            AtomicFiles.forceDirectory(temporary);
            replace(target, temporary, hidden(target, id, "old"));
            AtomicFiles.forceDirectory(target.getParent());
        } finally {
            discard(temporary);
        }
    }

    /** A folder cannot be moved over another one, so the old one is moved aside, and comes back if the new one cannot come. */
    private static void replace(Path target, Path temporary, Path old) throws IOException {
        boolean replaces = Files.exists(target);
        if (replaces) move(target, old);
        try {
            move(temporary, target);
        } catch (IOException e) {
            if (replaces) restore(old, target, e);
            throw e;
        }
        if (replaces) discard(old);
    }

    /** Where even this fails, the next sweep does it. */
    private static void restore(Path old, Path target, IOException why) {
        try {
            move(old, target);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Removes a folder: first away from its name, in one step, so that nobody takes half of it for the whole. */
    public static void delete(Path folder) throws IOException {
        Path trash = hidden(folder.toAbsolutePath(), UUID.randomUUID().toString(), "trash");
        move(folder, trash);
        discard(trash);
    }

    /**
     * Removes what crashes left in a folder; a folder that was about to be replaced by another one is. Nobody else may be writing
     * there.
     */
    public static void sweep(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) return;
        List<Path> left;
        try (Stream<Path> entries = Files.list(parent)) {
            left = entries.filter(entry ->
                            LEFT_OVER.matcher(entry.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
        for (Path entry : left) finish(entry);
        left.forEach(AtomicFolders::discard);
    }

    /** The old folder goes aside only when the new one is whole: so the new one comes, and the old one only if that is gone. */
    private static void finish(Path entry) throws IOException {
        Matcher name = LEFT_OVER.matcher(entry.getFileName().toString());
        if (!name.matches() || !name.group(3).equals("old")) return;
        Path target = entry.resolveSibling(name.group(1));
        if (Files.exists(target)) return;
        Path temporary = hidden(target, name.group(2), "tmp");
        move(Files.exists(temporary) ? temporary : entry, target);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path hidden(Path folder, String id, String ending) {
        return folder.resolveSibling("." + folder.getFileName() + "." + id + "." + ending);
    }

    private static void forceFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static void discard(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException leftOver) {
            // It has a name that nobody reads: the next sweep tries again.
        }
    }
}
