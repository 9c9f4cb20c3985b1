package dev.attune.adapt;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.SmallFile;
import dev.attune.model.Architectures;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.nn.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code adapter_config.json}, PEFT's {@code LoraConfig} as a file.
 *
 * @param lora how to compute with the adapter
 * @param json all that the file holds
 */
record AdapterConfig(LoraConfig lora, ObjectNode json) {
    static final String FILE = "adapter_config.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /**
     * What PEFT calls the tasks of heads. That of encoder-decoders has none: with SEQ_2_SEQ_LM PEFT 0.21 calls a method that
     * transformers 5 does not have, and without a word both load.
     */
    private static final Map<Head, String> TASKS = Map.of(
            Head.SEQUENCE_CLASSIFICATION, "SEQ_CLS",
            Head.TOKEN_CLASSIFICATION, "TOKEN_CLS",
            Head.QUESTION_ANSWERING, "QUESTION_ANS",
            Head.CAUSAL_LM, "CAUSAL_LM");

    /** Fields that this class reads, or that change no number of an adapter that is there. */
    private static final Set<String> UNDERSTOOD = Set.of(
            "auto_mapping",
            "base_model_name_or_path",
            "bias",
            "ensure_weight_tying",
            "eva_config",
            "exclude_modules",
            "fan_in_fan_out",
            "inference_mode",
            "init_lora_weights",
            "layers_pattern",
            "layers_to_transform",
            "lora_alpha",
            "lora_dropout",
            "megatron_core",
            "modules_to_save",
            "peft_type",
            "peft_version",
            "qalora_group_size",
            "r",
            "revision",
            "runtime_config",
            "target_modules",
            "task_type",
            "use_rslora");

    /** Ways to begin that change the base model's weights. */
    private static final String OTHER_BASE = "(pissa.*|olora|corda|loftq|lora_ga)";

    /**
     * @param targets {@code target_modules} that are in force
     * @param saved {@code modules_to_save} that are in force
     * @param turned whether the layers have {@linkplain Linear#isTurned turned} weights; PEFT sees for itself and does not mind the
     *     file
     */
    static AdapterConfig of(
            LoraConfig lora,
            List<String> targets,
            List<String> saved,
            boolean turned,
            @Nullable String task,
            @Nullable BaseReference base) {
        ObjectNode json = JSON.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", task);
        json.put("base_model_name_or_path", base == null ? null : base.pythonName());
        json.put("inference_mode", true);
        json.put("r", lora.r());
        double alpha = lora.alpha();
        if (alpha == Math.rint(alpha)) json.put("lora_alpha", (long) alpha);
        else json.put("lora_alpha", alpha);
        json.put("lora_dropout", lora.dropout());
        json.put("use_rslora", lora.useRslora());
        json.put("bias", lora.bias().name().toLowerCase(Locale.ROOT));
        json.put("fan_in_fan_out", turned);
        if (lora.initWeights() == LoraInit.TRUE) json.put("init_lora_weights", true);
        else json.put("init_lora_weights", "gaussian");
        if (targets.equals(List.of(LoraConfig.ALL_LINEAR))) json.put("target_modules", LoraConfig.ALL_LINEAR);
        else targets.forEach(json.withArray("target_modules")::add);
        if (saved.isEmpty()) json.putNull("modules_to_save");
        else saved.forEach(json.withArray("modules_to_save")::add);
        if (lora.layersToTransform().isEmpty()) json.putNull("layers_to_transform");
        else
            lora.layersToTransform()
                    .forEach(layer -> json.withArray("layers_to_transform").add(Integer.parseInt(layer)));
        return new AdapterConfig(lora, json);
    }

    /** What PEFT calls the task of a model; null if it has no word for it. */
    static @Nullable String task(ModelConfig config) {
        return config.architectures().stream()
                .map(Architectures::head)
                .filter(Objects::nonNull)
                .map(TASKS::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The end of the architecture's name of the task that the adapter is for; null if it does not tell. */
    @Nullable
    String architecture() {
        String task = json.path("task_type").asString("");
        return TASKS.entrySet().stream()
                .filter(entry -> entry.getValue().equals(task))
                .map(entry -> Architectures.ending(entry.getKey()))
                .findFirst()
                .orElse(null);
    }

    /** What the base model was called; empty if the file does not tell. */
    String base() {
        return json.path("base_model_name_or_path").asString("");
    }

    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /** @throws CheckpointException if the adapter is of a kind that is not known here */
    static AdapterConfig read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            JsonNode json = JSON.readTree(SmallFile.bytes(file, 8));
            if (!json.isObject()) throw new CheckpointException(file + " is not a JSON object.");
            return read((ObjectNode) json, file);
        } catch (JacksonException e) {
            throw new CheckpointException(file + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static AdapterConfig read(ObjectNode json, Path file) {
        String type = json.path("peft_type").asString("");
        if (!type.equals("LORA")) {
            throw new CheckpointException(
                    file + ": peft_type is \"" + type
                            + "\", but Attune has LORA only. Merge the adapter in Python (merge_and_unload), where that is possible.");
        }
        json.properties().forEach(field -> {
            if (UNDERSTOOD.contains(field.getKey()) || isNothing(field.getValue())) return;
            throw new CheckpointException(file + ": " + field.getKey() + " is " + field.getValue()
                    + ", which this version does not support. Merge the adapter in Python (merge_and_unload).");
        });
        String init = json.path("init_lora_weights").asString("");
        if (init.matches(OTHER_BASE)) {
            throw new CheckpointException(
                    file + ": init_lora_weights is \"" + init + "\", which changes the weights of the"
                            + " base model. Convert the adapter in Python"
                            + " (save_pretrained with path_initial_model_for_weight_conversion).");
        }
        return new AdapterConfig(lora(json, file), json);
    }

    private static LoraConfig lora(ObjectNode json, Path file) {
        try {
            return LoraConfig.builder()
                    .r(rank(json, file))
                    .alpha(number(json, "lora_alpha", 8, file))
                    .dropout(number(json, "lora_dropout", 0, file))
                    .useRslora(json.path("use_rslora").asBoolean(false))
                    .bias(bias(json, file))
                    .build();
        } catch (ConfigException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    private static int rank(ObjectNode json, Path file) {
        double rank = number(json, "r", 8, file);
        if (rank == (int) rank) return (int) rank;
        throw new CheckpointException(file + ": r is " + json.get("r") + ", but must be a whole number.");
    }

    private static LoraBias bias(ObjectNode json, Path file) {
        String text = json.path("bias").asString("none");
        for (LoraBias bias : LoraBias.values()) {
            if (text.equals(bias.name().toLowerCase(Locale.ROOT))) return bias;
        }
        throw new CheckpointException(file + ": bias is \"" + text + "\", but must be one of none, all, lora_only.");
    }

    private static double number(ObjectNode json, String name, int orElse, Path file) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) return orElse;
        if (value.isNumber()) return value.doubleValue();
        throw new CheckpointException(file + ": " + name + " is " + value + ", but must be a number.");
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull() || value.isBoolean() && !value.booleanValue() || value.isContainer() && value.isEmpty();
    }

    void write(Path folder) {
        AtomicFiles.writeString(
                folder.resolve(FILE),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.treeToValue(json, Map.class)) + "\n");
    }
}
