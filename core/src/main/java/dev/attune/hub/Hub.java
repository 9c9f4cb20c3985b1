package dev.attune.hub;

import dev.attune.error.ConfigException;
import dev.attune.error.Suggestion;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds models by name.
 *
 * <pre>{@code
 * ModelFiles model = Hub.resolve("minilm");
 * Tokenizer tokenizer = Tokenizer.load(model.directory());
 * }</pre>
 */
public final class Hub {
    private static final String MAVEN = "maven:";
    private static final Pattern HUB_NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*");

    private Hub() {}

    /**
     * The folder of a model: an existing folder, an {@linkplain #aliases alias}, or {@code
     * maven:group:artifact:version}. May download and unpack, the first time.
     *
     * @throws ConfigException if the name means nothing
     * @throws dev.attune.error.CheckpointException if the model cannot be had
     */
    public static ModelFiles resolve(String model) {
        return resolve(model, HubSettings.fromEnvironment());
    }

    /** The short names of models that Attune knows. */
    public static List<String> aliases() {
        return KnownModel.aliases();
    }

    /** The folder where models from jars are unpacked; it need not exist yet. */
    public static Path cache() {
        return HubSettings.fromEnvironment().models();
    }

    /** The folder of what Attune keeps for itself: {@code ATTUNE_HOME}, else {@code attune} in the user's cache folder. */
    public static Path cacheHome() {
        return HubSettings.fromEnvironment().home();
    }

    static ModelFiles resolve(String model, HubSettings settings) {
        return source(model, settings).resolve();
    }

    private static ModelSource source(String model, HubSettings settings) {
        if (model.startsWith(MAVEN)) {
            MavenCoordinates coordinates = MavenCoordinates.parse(model.substring(MAVEN.length()));
            return new MavenSource(model, coordinates, settings);
        }
        Path path = path(model);
        if (Files.exists(path)) {
            return new DirectorySource(model, path);
        }
        Optional<KnownModel> alias = KnownModel.of(model);
        if (alias.isPresent()) {
            return new MavenSource(model, alias.get().coordinates(), settings);
        }
        boolean looksLikePath = path.isAbsolute() || path.getNameCount() > 1 || model.startsWith(".");
        Path parent = path.getParent();
        boolean besideFolder = parent != null && Files.isDirectory(parent);
        if (HUB_NAME.matcher(model).matches() && !besideFolder) {
            throw new ConfigException("There is no folder " + model + ", and models of the Hugging Face Hub cannot be"
                    + " fetched yet. Download the files of https://huggingface.co/" + model
                    + " into a folder and give its path, or use " + known() + ".");
        }
        if (looksLikePath) {
            return new DirectorySource(model, path);
        }
        throw new ConfigException("Unknown model \"" + model + "\"." + Suggestion.didYouMean(model, aliases())
                + " A model is a folder, " + known() + ", or maven:group:artifact:version.");
    }

    private static String known() {
        return "one of " + String.join(", ", aliases());
    }

    private static Path path(String model) {
        try {
            if (!model.isBlank()) {
                return Path.of(model);
            }
        } catch (InvalidPathException e) {
            throw new ConfigException(
                    "The model \"" + model + "\" is not a valid name or path: " + e.getReason() + ".", e);
        }
        throw new ConfigException(
                "The model's name is empty. A model is a folder, " + known() + ", or maven:group:artifact:version.");
    }
}
