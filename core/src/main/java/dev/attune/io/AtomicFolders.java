package dev.attune.io;

import dev.attune.io.AtomicFiles.ThrowingConsumer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders that are there completely or not at all: filled under another name beside the target, forced to disk file by file,
 * then moved. A crash leaves the old folder, and at worst a hidden one beside it, which {@link #sweep} removes.
 */
public final class AtomicFolders {
    private static final Pattern LEFT_OVER =
            Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.(tmp|trash)");

    private AtomicFolders() {}

    /**
     * Fills a new folder.
     *
     * @param content writes files, no folders, into the folder it is given
     * @throws IOException if it cannot be written; nothing new is there then, and what was there still is
     */
    public static void write(Path folder, ThrowingConsumer<Path> content) throws IOException {
        Path target = folder.toAbsolutePath();
        Path temporary = hidden(target, "tmp");
        try {
            Files.createDirectories(temporary);
            content.accept(temporary);
            forceFiles(temporary);
            AtomicFiles.forceDirectory(temporary);
            // What is there under the name is not what is wanted there: a folder cannot be moved over another one.
            if (Files.exists(target)) delete(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.forceDirectory(target.getParent());
        } finally {
            discard(temporary);
        }
    }

    /** Removes a folder: first away from its name, in one step, so that nobody takes half of it for the whole. */
    public static void delete(Path folder) throws IOException {
        Path trash = hidden(folder.toAbsolutePath(), "trash");
        Files.move(folder, trash, StandardCopyOption.ATOMIC_MOVE);
        discard(trash);
    }

    /** Removes what crashes left in a folder. Nobody else may be writing there. */
    public static void sweep(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) return;
        try (Stream<Path> entries = Files.list(parent)) {
            entries.filter(entry ->
                            LEFT_OVER.matcher(entry.getFileName().toString()).matches())
                    .forEach(AtomicFolders::discard);
        }
    }

    private static Path hidden(Path folder, String ending) {
        return folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + "." + ending);
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
