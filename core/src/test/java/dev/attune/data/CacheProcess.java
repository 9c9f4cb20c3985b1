package dev.attune.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A process of its own: asks for one entry, says whether it had to make it, and dies without tidying up. */
final class CacheProcess {
    private CacheProcess() {}

    /** Runs a class of the tests with the class path of this process. */
    static ProcessBuilder command(Class<?> main, String heap, String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(java, heap, "-cp", path, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
