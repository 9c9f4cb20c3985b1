package dev.attune.job;

import dev.attune.error.ConfigException;
import dev.attune.io.AtomicFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model that became a Hugging Face folder: config.json, its weights as 32-bit numbers in safetensors, its tokenizer.
 *
 * <pre>{@code
 * Conversion done = Conversion.run("minilm", null, Path.of("minilm-safetensors"), false);
 * }</pre>
 *
 * @param output the folder
 * @param architecture what the reference calls a model of this kind, {@code BertModel}
 * @param parameters how many numbers it has
 * @param files what was written, by name
 * @param notes what the user should know, one sentence each: what was left out, what was put in
 */
public record Conversion(Path output, String architecture, long parameters, List<Path> files, List<String> notes) {
    /** What a conversion writes. Whoever has other files in a folder does not want it replaced. */
    private static final Pattern WRITTEN = Pattern.compile(
            "(generation_)?config\\.json|model(-\\d{5}-of-\\d{5})?\\.safetensors"
                    + "|model\\.safetensors\\.index\\.json|(target_)?(tokenizer|tokenizer_config|special_tokens_map)\\.json");

    /**
     * Converts a model.
     *
     * @param source what {@link dev.attune.hub.Hub#resolve} takes, an adapter's folder among them, which is merged; or a
     *     checkpoint file of llama2.c
     * @param tokenizer the vocabulary of a checkpoint of llama2.c; null for the one beside it
     * @param output is there completely at the end, or not at all
     * @param overwrite whether what an earlier conversion wrote there may be replaced
     * @throws ConfigException if the output is not free, or the source means nothing
     * @throws dev.attune.error.CheckpointException if the model cannot be read
     */
    public static Conversion run(String source, @Nullable Path tokenizer, Path output, boolean overwrite) {
        Path folder = output.toAbsolutePath().normalize();
        requireFree(folder, output, overwrite);
        try (ConversionSource model = ConversionSource.open(source, tokenizer)) {
            AtomicFolders.write(folder, model::write);
            return new Conversion(
                    output,
                    model.loaded().model().architecture(),
                    model.loaded().model().parameterCount(),
                    entries(output),
                    model.notes());
        } catch (IOException e) {
            throw new ConfigException(
                    "Cannot write the folder " + output + " (" + e + "). Check free space and the rights of the folder"
                            + " that it is in.",
                    e);
        }
    }

    private static void requireFree(Path folder, Path output, boolean overwrite) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new ConfigException("The output " + output + " is a file. Name a folder.");
        }
        List<Path> found;
        try {
            found = Files.isDirectory(folder) ? entries(folder) : List.of();
        } catch (IOException e) {
            throw new ConfigException("Cannot list the folder " + output + " (" + e + "). Check its rights.", e);
        }
        if (found.isEmpty()) return;
        if (!overwrite) {
            throw new ConfigException("The folder " + output + " is not empty ("
                    + found.get(0).getFileName() + " is in it). Name another one, or add --overwrite.");
        }
        for (Path file : found) {
            String name = file.getFileName().toString();
            boolean written = WRITTEN.matcher(name).matches() || ConversionSource.COPIED.contains(name);
            if (written && Files.isRegularFile(file)) continue;
            throw new ConfigException("The folder " + output + " holds " + name
                    + ", which no conversion writes, so it is not replaced. Name another one.");
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
