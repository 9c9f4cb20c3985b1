package dev.attune.cli;

import dev.attune.model.Bert;
import dev.attune.model.ModelConfig;
import dev.attune.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A tiny model and data for it in a folder, and commands on them in processes of their own. */
final class TinyRun {
    private static final List<String> WORDS = List.of("good", "great", "bad", "awful", "the", "film", "was");

    final Path model;
    final Path train;
    final Path output;
    private final Path printed;

    TinyRun(Path folder) throws IOException {
        this(folder, 48);
    }

    TinyRun(Path folder, int rows) throws IOException {
        model = Files.createDirectories(folder.resolve("model"));
        output = folder.resolve("run");
        printed = folder.resolve("out.txt");
        Files.write(
                model.resolve("vocab.txt"),
                IntStream.range(0, 5 + WORDS.size())
                        .mapToObj(i -> i < 5
                                ? List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
                                        .get(i)
                                : WORDS.get(i - 5))
                        .toList());
        try (Bert bert = Bert.backbone(ModelConfig.parse("""
                {"model_type": "bert", "vocab_size": 12, "hidden_size": 16, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "intermediate_size": 32, "max_position_embeddings": 32,
                 "initializer_range": 0.2}
                """))) {
            Rng.seed(7);
            bert.initialise();
            bert.save(model);
        }
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < rows; i++) {
            lines.add("the film was "
                    + List.of("good,yes", "bad,no", "great,yes", "awful,no").get(i % 4));
        }
        train = Files.write(folder.resolve("train.csv"), lines);
    }

    /** Starts a training that would go on for hours; what it prints is in {@link #printed()}. */
    Process start(String... flags) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("train", "--model", model.toString(), "--train", train.toString()));
        words.addAll(List.of("--output", output.toString(), "--max-steps", "100000000", "--save-total-limit", "2"));
        words.addAll(List.of(flags));
        return startCommand(words);
    }

    /** Starts a command; what it prints is in {@link #printed()}. */
    Process startCommand(List<String> words) throws IOException {
        // A process lives for a second or two: what takes time to pay off is left out.
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dattune.threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(words);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
    }

    /** Waits until a process has saved a checkpoint beyond this step; returns the newest. It fails if none comes. */
    int awaitCheckpoint(Process process, int beyond) throws IOException, InterruptedException {
        await(process, () -> newest() > beyond);
        return newest();
    }

    /** Waits until a process has printed this. */
    void awaitPrinted(Process process, String text) throws IOException, InterruptedException {
        await(process, () -> printed().contains(text));
    }

    /** Waits until something is so; fails if the process ends before. */
    void await(Process process, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > deadline) throw new AssertionError(printed());
            Thread.sleep(5);
        }
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Sends a signal by its name: TERM, INT. Ctrl-C cannot be tried below a shell's background job: all there ignore it. */
    static void signal(Process process, String name) throws IOException, InterruptedException {
        if (name.equals("INT")) {
            Assumptions.assumeFalse(
                    ignoresInterrupts(process), "Ctrl-C is ignored here: run the tests in the foreground of a shell.");
        }
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static boolean ignoresInterrupts(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) return false;
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElse("SigIgn: 0");
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & 1L << 1) != 0; // signal 2
    }

    /** Step of the newest checkpoint, 0 if there is none. */
    int newest() throws IOException {
        if (!Files.isDirectory(output)) return 0;
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("checkpoint-\\d+"))
                    .mapToInt(name -> Integer.parseInt(name.substring("checkpoint-".length())))
                    .max()
                    .orElse(0);
        }
    }

    /**
     * What a killed process left half done.
     *
     * @param save a checkpoint that does not have its name yet
     * @param removal an old one that has lost its name
     */
    record Left(boolean save, boolean removal) {}

    Left left() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            List<String> hidden = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(".checkpoint-"))
                    .toList();
            return new Left(
                    hidden.stream().anyMatch(name -> name.endsWith(".tmp")),
                    hidden.stream().anyMatch(name -> name.endsWith(".trash")));
        }
    }

    /** What the process that was started last has printed. */
    String printed() throws IOException {
        return Files.readString(printed);
    }
}
