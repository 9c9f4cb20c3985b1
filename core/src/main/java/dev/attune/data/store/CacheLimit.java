package dev.attune.data.store;

import dev.attune.error.ConfigException;
import dev.attune.io.ByteSize;
import dev.attune.io.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How large the data cache may become. */
public final class CacheLimit {
    public static final String VARIABLE = "ATTUNE_CACHE_LIMIT";

    private static final long DEFAULT = 20L << 30;

    private CacheLimit() {}

    /** @param text bytes: {@code 10G}, {@code 500M}, {@code 1048576}; K, M, G and T are powers of 1024 */
    public static long parse(String text) {
        return ByteSize.parse(text)
                .orElseThrow(() -> new ConfigException(VARIABLE + " is \"" + text
                        + "\", but a size such as 10G, 500M or 1048576 (bytes) was expected; 0 turns the cache off."));
    }

    /** 20 GB, or a tenth of the disk that {@code folder} lies on if that is less. */
    public static long standard(Path folder) {
        Path existing = FileTree.existing(folder);
        if (existing == null) return DEFAULT;
        try {
            long disk = Files.getFileStore(existing).getTotalSpace();
            return disk > 0 ? Math.min(DEFAULT, disk / 10) : DEFAULT;
        } catch (IOException e) {
            return DEFAULT;
        }
    }
}
