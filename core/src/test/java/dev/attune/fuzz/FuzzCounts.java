package dev.attune.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How many inputs each reader got, a line of JSON for each run. */
final class FuzzCounts {
    private static final Path FILE = Path.of(System.getProperty("attune.fuzz.counts", "target/fuzz/counts.jsonl"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FuzzCounts() {}

    static void add(FuzzTarget target, String engine, long seed, long inputs, Verdict verdict) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("reader", target.reader());
        line.put("engine", engine);
        line.put("seed", seed);
        line.put("inputs", inputs);
        line.put("read", verdict.accepted());
        line.put("refused", verdict.refused());
        line.put("slowest_ms", verdict.slowest());
        line.put("most_heap_kib", verdict.largest());
        line.put("peak_memory_mib", peak());
        Files.createDirectories(FILE.toAbsolutePath().getParent());
        String text = JSON.writeValueAsString(line) + "\n";
        Files.writeString(FILE, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.print(text);
    }

    /** Of this process, with the native libraries; 0 where the system does not tell. */
    private static long peak() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
        }
        return 0;
    }

    /** The sums by reader and engine, as a table in Markdown. */
    static String table() throws IOException {
        Map<String, long[]> sums = new TreeMap<>();
        for (String line : Files.readAllLines(FILE)) {
            JsonNode run = JSON.readTree(line);
            String key = "| " + run.get("reader").asString() + " | "
                    + run.get("engine").asString();
            long[] sum = sums.computeIfAbsent(key, k -> new long[5]);
            sum[0] += run.get("inputs").asLong();
            sum[1] += run.get("read").asLong();
            sum[2] += run.get("refused").asLong();
            sum[3] = Math.max(sum[3], run.get("slowest_ms").asLong());
            sum[4] = Math.max(sum[4], run.get("peak_memory_mib").asLong());
        }
        StringBuilder table =
                new StringBuilder("| reader | engine | inputs | read | refused | slowest, ms | process at most, MiB |\n"
                        + "|---|---|---|---|---|---|---|\n");
        sums.forEach((key, sum) -> {
            table.append(key);
            for (long value : sum) table.append(" | ").append(value);
            table.append(" |\n");
        });
        return table.toString();
    }
}
