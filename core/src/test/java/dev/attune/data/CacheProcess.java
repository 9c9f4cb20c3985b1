package dev.attune.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process of its own: asks for one entry, says whether it had to make it, and dies without tidying up. */
final class CacheProcess {
    private CacheProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Path log = Path.of(arguments[1]);
        DataCache cache = DataCache.at(home, 1L << 30);
        Encoded encoded = cache.encoded(arguments[2], sink -> {
            append(log, "made\n");
            if (arguments[3].equals("die")) Runtime.getRuntime().halt(7);
            DataCacheTest.examples(DataCacheTest.MANY).writeTo(sink);
        });
        append(
                log,
                encoded.examples().size() + " " + encoded.examples().get(17, 0).ids()[0] + "\n");
        if (arguments[3].equals("hold")) Thread.sleep(60_000);
        Runtime.getRuntime().halt(0);
    }

    private static void append(Path log, String line) {
        try {
            Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
