package dev.attune.train;

import dev.attune.checkpoint.WeightFiles;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.AtomicFiles;
import dev.attune.model.Adapters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a run, and the truth about it.
 *
 * <pre>
 * run.json            resolved arguments, hashes of data and model, versions, seeds, written before the first step
 * metrics.jsonl       one event a line, appended and flushed as it happens
 * all_results.json    at the end, with the keys of Hugging Face
 * report.txt          tables of the last evaluation
 * report.json         the same, and all points, as data
 * report.html         all of it, and what decided the run, as a page
 * *.svg               pictures: the loss, and what the task draws
 * events.out.tfevents.*  what is logged, for TensorBoard, if report_to asks for it
 * checkpoint-STEP/    the model at that step and all that the run needs to go on from there
 * model.safetensors, config.json, tokenizer.json, tokenizer_config.json, special_tokens_map.json, README.md
 * </pre>
 */
public final class RunFolder implements AutoCloseable {
    private static final String METRICS = "metrics.jsonl";
    /** How the event files of TensorBoard begin. */
    public static final String EVENTS = "events.out.tfevents.";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** What any run writes, but for weights beyond 50 GB, which are in several files, and for the task's pictures. */
    public static final List<String> FILES = List.of(
            "model.safetensors",
            Adapters.WEIGHTS,
            "adapter_config.json",
            "base_model.json",
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "target_tokenizer.json",
            "target_tokenizer_config.json",
            "target_special_tokens_map.json",
            "README.md",
            "all_results.json",
            "report.txt",
            "report.json",
            "report.html",
            "loss.svg",
            "learning-rate.svg",
            METRICS,
            "run.json");

    private final Path directory;
    private final RunLock lock;
    private final Set<String> written = new TreeSet<>();
    /** Whether it was not there before. */
    private final boolean isMade;

    private @Nullable EventLog metrics;

    private RunFolder(Path directory, boolean isMade) {
        this.directory = directory;
        this.isMade = isMade;
        this.lock = RunLock.take(directory);
    }

    /**
     * Takes the folder for a run: nobody else may train in it until it is closed. Fails before any work is done if it cannot be
     * written. Changes nothing in it: a run that ends at a mistake in its data leaves what was there.
     *
     * @throws ConfigException if it cannot be written, or another run is in it
     */
    public static RunFolder open(Path directory) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new ConfigException("output_dir " + directory + " is a file. Name a folder.");
        }
        try {
            boolean made = !Files.exists(directory);
            Files.createDirectories(directory);
            probe(directory);
            return new RunFolder(directory, made);
        } catch (IOException e) {
            throw new ConfigException(
                    "output_dir " + directory + " cannot be written (" + e
                            + "). Choose a folder that you may write to.",
                    e);
        }
    }

    /** @throws ConfigException if a run is in the folder already, or anything that a run would replace */
    public void requireFree() {
        if (Files.exists(file("run.json"))) throw holds("a run", "");
        for (Path file : files(directory)) {
            if (Files.exists(file)) throw holds(file.getFileName().toString(), ", which this run would replace");
        }
        List<Path> checkpoints = new Checkpoints(directory).folders();
        if (!checkpoints.isEmpty()) {
            throw holds(checkpoints.get(0).getFileName().toString(), ", which this run might replace");
        }
    }

    private ConfigException holds(String what, String why) {
        return new ConfigException("output_dir " + directory + " already holds " + what + why
                + ". Choose another folder, or set overwrite: true (--overwrite).");
    }

    private static void probe(Path directory) throws IOException {
        Files.delete(Files.createTempFile(directory, ".attune", ".probe"));
    }

    /**
     * All that a run may write: none of it may be there already, whoever made it, unless the run may overwrite. The
     * weights come first, because another program may hold them: if they cannot be removed, nothing else is.
     */
    private static List<Path> files(Path directory) {
        Stream<String> names =
                Stream.of(FILES, recorded(directory), eventFiles(directory)).flatMap(List::stream);
        return Stream.concat(WeightFiles.saved(directory).stream(), names.map(directory::resolve))
                .distinct()
                .toList();
    }

    private static List<String> eventFiles(Path directory) {
        if (!Files.isDirectory(directory)) return List.of();
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(EVENTS))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigException(
                    "output_dir " + directory + " cannot be listed (" + e + "). Check its rights.", e);
        }
    }

    /** The files that an older run.json lists; a name that is no plain file name is not believed. */
    private static List<String> recorded(Path directory) {
        Path record = directory.resolve("run.json");
        if (!Files.isRegularFile(record)) return List.of();
        List<String> names = new ArrayList<>();
        try {
            JSON.readTree(Files.readAllBytes(record)).path("files").forEach(name -> names.add(name.asString()));
        } catch (IOException | JacksonException e) {
            return List.of(); // what is not readable lists nothing
        }
        return names.stream()
                .filter(name -> name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*"))
                .toList();
    }

    /** The files of this run that are there, sorted. */
    public List<String> written() {
        Set<String> names = new TreeSet<>(written);
        WeightFiles.saved(directory)
                .forEach(file -> names.add(file.getFileName().toString()));
        FILES.stream().filter(name -> Files.exists(file(name))).forEach(names::add);
        names.addAll(eventFiles(directory));
        return List.copyOf(names);
    }

    public Path directory() {
        return directory;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /**
     * Removes the files of an older run, then writes run.json and an empty metrics.jsonl: from here on the folder tells
     * of this run. Should it fail, no older model is left that could be taken for its result.
     */
    public void begin(Map<String, ?> run) {
        files(directory).forEach(this::remove);
        removeCheckpoints();
        json("run.json", run);
        try {
            metrics = EventLog.begin(file(METRICS));
        } catch (IOException e) {
            throw cannotWriteMetrics(e);
        }
    }

    /** Writes run.json of a run that goes on; its events are appended to those that are there. */
    public void goOn(Map<String, ?> run) {
        json("run.json", run);
        try {
            metrics = EventLog.goOn(file(METRICS));
        } catch (IOException e) {
            throw cannotWriteMetrics(e);
        }
    }

    private ConfigException cannotWriteMetrics(IOException e) {
        return new ConfigException(METRICS + " in " + directory + " cannot be written: " + e.getMessage() + ".", e);
    }

    /**
     * Bytes of metrics.jsonl with all events so far; only after {@link #begin}.
     *
     * @throws CheckpointException if the disk does not take all of them
     */
    public long eventBytes() {
        try {
            metrics().flush();
            return metrics().bytes();
        } catch (IOException e) {
            throw new CheckpointException("Cannot write " + METRICS + ": " + e.getMessage() + ".", e);
        }
    }

    /** Leaves the first so many bytes of metrics.jsonl, if there are more. */
    public void cutEvents(long bytes) {
        try {
            metrics().cut(bytes);
        } catch (IOException e) {
            throw cannotWriteMetrics(e);
        }
    }

    private EventLog metrics() {
        return Objects.requireNonNull(metrics, "begin() comes first");
    }

    private void removeCheckpoints() {
        try {
            new Checkpoints(directory).clear();
        } catch (IOException e) {
            throw new ConfigException(
                    "A checkpoint of the older run in " + directory + " cannot be removed (" + e
                            + "). Choose another folder, or remove it yourself.",
                    e);
        }
    }

    private void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new ConfigException(
                    file.getFileName() + " of the older run in " + directory + " cannot be removed (" + e
                            + "). Choose another folder, or remove it yourself.",
                    e);
        }
    }

    /**
     * Appends one event to metrics.jsonl; only after {@link #begin}.
     *
     * @return why the disk does not take it, which then waits for the next one; null if it is written
     */
    public @Nullable String event(Map<String, ?> event) {
        try {
            metrics().add(JSON.writeValueAsString(event));
            return null;
        } catch (IOException e) {
            return METRICS + " in " + directory + " cannot be written (" + e.getMessage()
                    + "): its lines are kept and written later.";
        }
    }

    public void json(String name, Object content) {
        written.add(name);
        json(file(name), content);
    }

    /** Writes run.json of a checkpoint: it tells of the model as that of the run does. */
    public static void record(Path checkpoint, Map<String, ?> run) {
        json(checkpoint.resolve("run.json"), run);
    }

    private static void json(Path file, Object content) {
        AtomicFiles.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }

    public void text(String name, String content) {
        written.add(name);
        AtomicFiles.writeString(file(name), content);
    }

    @Override
    public void close() {
        try {
            if (metrics != null) metrics.close();
        } catch (IOException e) {
            throw new ConfigException(METRICS + " in " + directory + " cannot be closed: " + e.getMessage() + ".", e);
        } finally {
            lock.close();
            if (isMade) removeIfEmpty();
        }
    }

    /** A run that came to nothing leaves no folder. */
    private void removeIfEmpty() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException notEmpty) {
            // So it did come to something.
        }
    }
}
