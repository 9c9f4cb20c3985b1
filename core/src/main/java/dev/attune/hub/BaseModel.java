package dev.attune.hub;

import dev.attune.error.ConfigException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model is, as far as names and the files beside it tell. */
final class BaseModel {
    private static final String MAVEN = "maven:";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private BaseModel() {}

    /**
     * The base of a folder's model: what the run that left it began with ({@code run.json}), or the artifact that was
     * unpacked into it ({@code source.json}). Null if neither tells.
     */
    static @Nullable String of(Path directory) {
        JsonNode run = read(directory.resolve("run.json"));
        String base = run.path("base_model").asString("");
        if (!base.isBlank()) {
            return base;
        }
        String begun = named(run.path("arguments").path("model").asString(""));
        return begun != null
                ? begun
                : named(read(directory.resolve("source.json")).path("model").asString(""));
    }

    static String of(MavenCoordinates coordinates) {
        return KnownModel.of(coordinates).map(KnownModel::baseModel).orElse(MAVEN + coordinates);
    }

    /** The identity behind an alias or a Maven name; null for other names, a path on someone's machine for example. */
    private static @Nullable String named(String model) {
        if (!model.startsWith(MAVEN)) {
            return KnownModel.of(model).map(KnownModel::baseModel).orElse(null);
        }
        try {
            return of(MavenCoordinates.parse(model.substring(MAVEN.length())));
        } catch (ConfigException e) {
            return null; // written by hand
        }
    }

    /** These files are no part of the model: one that cannot be read tells nothing, and that is all. */
    private static JsonNode read(Path file) {
        try {
            return Files.isRegularFile(file) ? JSON.readTree(SmallFile.bytes(file, 64)) : JSON.createObjectNode();
        } catch (IOException | JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
