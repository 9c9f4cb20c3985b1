package dev.attune.data;

import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A measurement in a process of its own: reads a CSV file, finds its labels, encodes it and takes the first batch of the
 * fifth epoch, as a run does. Prints seconds, the heap in use after a collection at the end, and
 * resident memory; how small a heap suffices, {@code -Xmx} tells.
 *
 * <pre>java -Xmx512m … LargeData FOLDER ROWS TOKENIZER [off]</pre>
 *
 * <p>{@code -} in place of a tokenizer's folder takes words for tokens, to measure what is not the tokenizer.
 */
final class LargeData {
    private static final List<String> WORDS = List.of(
            ("i am still waiting on my card can you tell me where the money went after top up failed and exchange"
                            + " rate was wrong please help transfer pending identity verify country support unhappy")
                    .split(" "));

    private LargeData() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int rows = Integer.parseInt(arguments[1]);
        Path file = folder.resolve(rows + ".csv");
        if (!Files.exists(file)) write(file, rows);
        DataCache cache = arguments.length > 3 ? DataCache.off() : DataCache.at(folder.resolve("data"), 1L << 40);
        long started = System.nanoTime();
        Dataset data = Datasets.read(file.toString(), cache);
        double read = seconds(started);
        String hash = data.sha256();
        String labels = cache.memo(hash, () -> {
            TreeSet<String> found = new TreeSet<>();
            for (int row = 0; row < data.size(); row++) found.add((String) data.value(row, "label"));
            return String.join(",", found);
        });
        double scanned = seconds(started);
        try (Tokenizer tokenizer = arguments[2].equals("-") ? null : Tokenizer.load(Path.of(arguments[2]))) {
            List<String> names = List.of(labels.split(","));
            Encoded encoded = cache.encoded(
                            hash,
                            sink -> new RowEncoder()
                                    .encode(data.size(), row -> example(data, row, names, tokenizer), sink))
                    .from(data);
            double ready = seconds(started);
            try (Examples examples = encoded.examples();
                    BatchLoader batches = BatchLoader.of(
                            examples, Sampler.random(examples.size(), 42).order(4), 32, false, 4, 42)) {
                Batch batch = batches.iterator().next();
                double first = seconds(started);
                String place = examples.where(batch.rows()[0]);
                long sum = 0;
                for (int length : examples.lengths()) sum += length;
                double lengths = seconds(started);
                System.out.printf(
                        "%,d rows, cached %s: read %.2f s, labels %.2f s, encoded %.2f s, first batch %.2f s (%s),"
                                + " lengths %.2f s (%,d tokens); heap %,d MB, resident %s%n",
                        rows,
                        encoded.fromCache(),
                        read,
                        scanned,
                        ready,
                        first,
                        place,
                        lengths,
                        sum,
                        heapAfterCollection() >> 20,
                        resident());
            }
        }
    }

    private static Example example(Dataset data, int row, List<String> names, @Nullable Tokenizer tokenizer) {
        String text = (String) data.value(row, "text");
        TokenIds ids = tokenizer == null ? words(text) : tokenizer.encodeIds(text, null, 128);
        int label = names.indexOf(data.value(row, "label"));
        return new Example(ids.ids(), ids.typeIds(), new int[] {label}, new float[0]);
    }

    private static TokenIds words(String text) {
        int[] ids = Stream.of(text.split(" "))
                .mapToInt(word -> word.hashCode() & 0x7FFF)
                .toArray();
        return new TokenIds(ids, new int[ids.length], ids.length);
    }

    private static void write(Path file, int rows) throws IOException {
        Random random = new Random(1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("text,label\n");
            for (int row = 0; row < rows; row++) {
                StringBuilder line = new StringBuilder();
                for (int i = 5 + random.nextInt(11); i > 0; i--) {
                    line.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
                }
                out.write(line.append(row)
                        .append(",label_")
                        .append(random.nextInt(20))
                        .append('\n')
                        .toString());
            }
        }
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static List<String> resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return List.of();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM") || line.startsWith("RssAnon") || line.startsWith("RssFile")) {
                lines.add(line.replaceAll("\\s+", " "));
            }
        }
        return lines;
    }
}
