package dev.attune.model;

import dev.attune.checkpoint.GraphFacts;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.io.SmallFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The config of a BERT whose folder has none: from {@code bert_config.json}, or the shape from the tensors and the rest
 * from the graph of an ONNX file or the name of a TensorFlow bundle. What it is made from is said in {@link
 * ModelConfig#notes()}; what cannot be told is refused, because a guess would train a subtly different model.
 */
final class InferredConfig {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Layers, hidden size and attention heads in a name, as {@code L-12-H-768-A-12} and {@code L-12_H-768_A-12}. */
    private static final Pattern SHAPE = Pattern.compile("L-(\\d{1,3})[-_]H-(\\d{1,5})[-_]A-(\\d{1,3})(?!\\d)");

    private static final String CAPITALS = "vocab.txt has words with capitals, but texts are put into lower case,"
            + " because there is no tokenizer_config.json that says otherwise. If the model is cased, write"
            + " {\"do_lower_case\": false} into a tokenizer_config.json beside vocab.txt.";

    private final Path directory;
    private final Path file;
    private final Map<String, Object> values = new LinkedHashMap<>();

    private InferredConfig(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    /** @throws CheckpointException naming what cannot be told, and the remedy */
    static ModelConfig of(Path directory) {
        Path google = directory.resolve("bert_config.json");
        if (Files.isRegularFile(google)) {
            return ModelConfig.readFile(google)
                    .with("model_type", "bert")
                    .noting("config.json is missing: " + google.getFileName() + " was read in its place.");
        }
        Path file = Files.isDirectory(directory) ? WeightFiles.find(directory) : null;
        if (file == null || !(is(file, ".onnx") || is(file, ".index"))) {
            throw new CheckpointException(
                    directory + " has no config.json. A model folder holds config.json, the weights"
                            + " (model.safetensors) and the tokenizer (tokenizer.json).");
        }
        return new InferredConfig(directory, file).read();
    }

    private static boolean is(Path file, String ending) {
        String name = file.getFileName().toString();
        return name.endsWith(ending) && !name.endsWith(".safetensors" + ending);
    }

    private ModelConfig read() {
        BertSizes sizes = sizes();
        values.put("architectures", List.of(sizes.architecture()));
        values.put("model_type", "bert");
        values.putAll(sizes.toConfig());
        String rest = is(file, ".onnx") ? fromGraph(sizes) : fromName(sizes);
        values.put("hidden_dropout_prob", 0.1);
        values.put("attention_probs_dropout_prob", 0.1);
        values.put("initializer_range", 0.02);
        values.put("pad_token_id", 0);
        values.put("position_embedding_type", "absolute");
        String source = directory.resolve("config.json") + " (missing; read from " + file.getFileName() + ")";
        String note = "config.json is missing: the sizes of the model were read from the tensors of "
                + file.getFileName() + ", " + rest + ". Dropout 0.1, initializer_range 0.02 and pad_token_id 0 are"
                + " BERT's defaults.";
        ModelConfig config = ModelConfig.made(values, source, note);
        return lowersCapitals() ? config.noting(CAPITALS) : config;
    }

    private BertSizes sizes() {
        try (Weights weights = WeightFiles.open(file)) {
            return BertSizes.of(weights);
        } catch (BertSizes.NoBert e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private String fromGraph(BertSizes sizes) {
        GraphFacts facts = GraphFacts.read(file, sizes.hidden());
        int heads = facts.heads().orElseThrow(() -> refused("its graph does not tell the number of attention heads"));
        double epsilon =
                facts.layerNormEpsilon().orElseThrow(() -> refused("its graph does not tell the LayerNorm's epsilon"));
        String activation = facts.activation().orElseThrow(() -> refused("its graph does not tell the activation"));
        values.put("num_attention_heads", heads);
        values.put("hidden_act", activation);
        values.put("layer_norm_eps", epsilon);
        return heads + " heads, hidden_act " + activation + " and layer_norm_eps " + number(epsilon)
                + " from its graph";
    }

    /** As config.json files write it: {@code 1e-12}. */
    private static String number(double epsilon) {
        return Double.toString(epsilon).replace(".0E", "e").replace("E", "e");
    }

    private String fromName(BertSizes sizes) {
        String name = name();
        Matcher shape = SHAPE.matcher(name);
        if (!shape.find()) {
            throw refused("a TensorFlow bundle does not tell the number of attention heads, and the name \"" + name
                    + "\" has no L-12-H-768-A-12 in it");
        }
        int layers = Integer.parseInt(shape.group(1));
        int hidden = Integer.parseInt(shape.group(2));
        if (layers != sizes.layers() || hidden != sizes.hidden()) {
            throw refused("the name \"" + name + "\" says " + layers + " layers and hidden size " + hidden
                    + ", but the weights have " + sizes.layers() + " and " + sizes.hidden());
        }
        int heads = Integer.parseInt(shape.group(3));
        values.put("num_attention_heads", heads);
        values.put("hidden_act", "gelu");
        values.put("layer_norm_eps", 1e-12);
        return heads + " heads from the name \"" + name + "\", layer_norm_eps 1e-12 is that of Google's BERT, and"
                + " hidden_act gelu that of its config.json on the Hugging Face Hub (Google's TensorFlow code"
                + " computes gelu by its tanh approximation)";
    }

    /** The artifact's name for what was unpacked from a Maven repository, the folder's for others. */
    private String name() {
        Path source = directory.resolve("source.json");
        if (Files.isRegularFile(source)) {
            try {
                JsonNode model = JSON.readTree(SmallFile.bytes(source, 64)).path("model");
                String[] parts = model.asString("").split(":"); // maven:group:artifact:version
                if (parts.length > 2) return parts[2];
            } catch (IOException | JacksonException e) {
                // someone else's source.json: the folder's name it is
            }
        }
        Path folder = directory.toAbsolutePath().normalize().getFileName();
        return folder == null ? "" : folder.toString();
    }

    /** Whether a vocabulary with capitals would be used with lower-cased texts, because no file says otherwise. */
    private boolean lowersCapitals() {
        Path vocabulary = directory.resolve("vocab.txt");
        if (!Files.isRegularFile(vocabulary)
                || Files.exists(directory.resolve("tokenizer.json"))
                || Files.exists(directory.resolve("tokenizer_config.json"))) {
            return false;
        }
        try (Stream<String> lines = Files.lines(vocabulary)) {
            return lines.anyMatch(line -> !line.startsWith("[") && line.chars().anyMatch(Character::isUpperCase));
        } catch (IOException | UncheckedIOException e) {
            return false; // the tokenizer will say what is wrong with it
        }
    }

    private CheckpointException refused(String why) {
        return new CheckpointException(directory + " has no config.json, and it cannot be made from "
                + file.getFileName() + ": " + why + ". Put the model's config.json into a folder with the weights and"
                + " give that folder.");
    }
}
