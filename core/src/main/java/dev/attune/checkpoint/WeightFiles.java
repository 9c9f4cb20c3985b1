package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights in a model folder.
 *
 * <pre>{@code
 * try (Weights weights = WeightFiles.open(Path.of("bert-base-uncased"))) {
 *     weights.names().forEach(name -> System.out.println(weights.info(name)));
 * }
 * }</pre>
 */
public final class WeightFiles {
    private static final String SAFETENSORS = "model.safetensors";
    static final String SHARDED = SAFETENSORS + ".index.json";
    private static final Pattern SHARD = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");

    private WeightFiles() {}

    /**
     * Opens the weights of a folder: the first of {@code model.safetensors}, {@code model.safetensors.index.json}, an
     * ONNX file, a TensorFlow bundle. A path to one such file is taken as it is.
     *
     * @throws CheckpointException if nothing is found (the message lists what was looked for), more than one file could
     *     be meant, or the file is malformed
     */
    public static Weights open(Path dir) {
        return openFile(find(dir));
    }

    /**
     * The file that {@link #open} opens: of a sharded model its index.
     *
     * @throws CheckpointException if nothing is found or more than one file could be meant
     */
    public static Path find(Path dir) {
        if (Files.isRegularFile(dir)) return dir;
        if (!Files.isDirectory(dir)) {
            throw new CheckpointException("There is no model folder " + dir + ". Check the path.");
        }
        if (Files.exists(dir.resolve(SAFETENSORS))) return dir.resolve(SAFETENSORS);
        if (Files.exists(dir.resolve(SHARDED))) return dir.resolve(SHARDED);
        Path onnx = only(".onnx", "model.onnx", dir, dir.resolve("onnx"));
        if (onnx != null) return onnx;
        Path index = only(".index", "bert_model.ckpt.index", dir, dir.resolve("variables"));
        if (index != null) return index;
        throw new CheckpointException(nothing(dir));
    }

    /**
     * Writes the weights of a model into a folder as {@code model.safetensors}, or in shards with an index if they are
     * larger than {@code maxShardBytes}. What an earlier save left under the other names is removed when the new weights
     * are complete.
     *
     * @throws CheckpointException if a name is used twice or a file cannot be written
     */
    public static void save(Path directory, List<TensorData> tensors, long maxShardBytes) {
        List<Path> before = saved(directory);
        List<List<TensorData>> shards = ShardedSafetensors.split(tensors, maxShardBytes);
        List<Path> written;
        if (shards.size() > 1) written = ShardedSafetensors.write(directory, shards);
        else {
            written = List.of(directory.resolve(SAFETENSORS));
            Safetensors.write(written.get(0), tensors, Map.of());
        }
        // A model.safetensors is read before an index: left there, the old model would be taken for the new one.
        before.stream().filter(file -> !written.contains(file)).forEach(WeightFiles::remove);
    }

    /** The files in a folder that {@link #save} may have written, as sorted paths; none if there is no such folder. */
    public static List<Path> saved(Path directory) {
        if (!Files.isDirectory(directory)) return List.of();
        return list(
                directory,
                name -> name.equals(SAFETENSORS)
                        || name.equals(SHARDED)
                        || SHARD.matcher(name).matches());
    }

    /** Removes weights that must not be taken for a part of a newer model. */
    static void remove(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            throw new CheckpointException(
                    old + " of an older model cannot be removed (" + e
                            + "). Remove it yourself: it would be taken for a part of the new one.",
                    e);
        }
    }

    private static Weights openFile(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".safetensors")) return Safetensors.open(file);
        if (name.endsWith(".safetensors.index.json")) return ShardedSafetensors.open(file);
        if (name.endsWith(".onnx")) return Onnx.open(file);
        if (name.endsWith(".index")) return TensorFlowBundle.open(file);
        throw new CheckpointException(
                file + " is not a file of weights: *.safetensors, *.safetensors.index.json, *.onnx or"
                        + " *.index was expected." + (isPickle(name) ? pickle(name) : ""));
    }

    /** The preferred file or the only one with this ending, in the first folder that has any; null if there is none. */
    private static @Nullable Path only(String ending, String preferred, Path... folders) {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) continue;
            List<Path> files = list(folder, name -> name.endsWith(ending));
            if (files.contains(folder.resolve(preferred))) return folder.resolve(preferred);
            if (files.size() == 1) return files.get(0);
            if (files.size() > 1) {
                String names = files.stream()
                        .map(file -> String.valueOf(file.getFileName()))
                        .collect(Collectors.joining(", "));
                throw new CheckpointException(folder + " has " + files.size() + " files *" + ending + " (" + names
                        + "). Give the path of the one you mean, or name it " + preferred + ".");
            }
        }
        return null;
    }

    private static String nothing(Path dir) {
        List<Path> pickles = list(dir, WeightFiles::isPickle);
        return "Folder " + dir + " has no weights. Looked for " + SAFETENSORS + ", " + SHARDED
                + ", *.onnx (also in onnx/) and *.index with *.data-00000-of-00001 (also in variables/)."
                + (pickles.isEmpty() ? "" : pickle(String.valueOf(pickles.get(0).getFileName())));
    }

    private static boolean isPickle(String name) {
        return name.startsWith("pytorch_model") && name.endsWith(".bin")
                || name.endsWith(".pt")
                || name.endsWith(".pth");
    }

    /** A sentence for those who hand in a pickle, with a blank before it. */
    static String pickle(String name) {
        return " " + name + " is a pickle, which can run code and is not read; in Python, convert it once with"
                + " AutoModel.from_pretrained(folder).save_pretrained(folder, safe_serialization=True).";
    }

    private static List<Path> list(Path folder, Predicate<String> wanted) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && wanted.test(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException("Cannot list " + folder + ": " + e.getMessage() + ". Check its rights.", e);
        }
    }
}
