package dev.attune.data.store;

import dev.attune.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large the data cache may become. */
public final class CacheLimit {
    public static final String VARIABLE = "ATTUNE_CACHE_LIMIT";

    private static final long DEFAULT = 20L << 30;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([KMGT]?)(?:I?B)?");

    private CacheLimit() {}

    /** @param text bytes: {@code 10G}, {@code 500M}, {@code 1048576}; K, M, G and T are powers of 1024 */
    public static long parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (size.matches()) {
            int shift = size.group(2).isEmpty() ? 0 : 10 * (1 + "KMGT".indexOf(size.group(2)));
            long number = Long.parseLong(size.group(1));
            if (number <= Long.MAX_VALUE >> shift) return number << shift;
        }
        throw new ConfigException(VARIABLE + " is \"" + text
                + "\", but a size such as 10G, 500M or 1048576 (bytes) was expected; 0 turns the cache off.");
    }

    /** 20 GB, or a tenth of the disk that {@code folder} lies on if that is less. */
    public static long standard(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) existing = existing.getParent();
        try {
            long disk = Files.getFileStore(existing).getTotalSpace();
            return disk > 0 ? Math.min(DEFAULT, disk / 10) : DEFAULT;
        } catch (IOException e) {
            return DEFAULT;
        }
    }
}
