package dev.attune.task.text2text;

import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is put before each text that is read. */
final class Prefix {
    private Prefix() {}

    /** That of the training; of a model that nobody trained here that of its own config, as the reference's pipeline has it. */
    static String of(FineTuned model, ModelConfig config, Kind kind) {
        if (model.settings().get("source_prefix") instanceof String prefix) return prefix;
        if (model.task() != null) return "";
        String own = config.text("prefix", "");
        ModelConfig special = config.section("task_specific_params").section(kind.key());
        return special.text("prefix", own);
    }

    /** What a person should know who trains without a prefix, by the model's own config; null if that names none. */
    static @Nullable String missing(ModelConfig config, Kind kind) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        String own = config.text("prefix", "");
        if (!own.isEmpty()) prefixes.put("prefix", own);
        config.sections("task_specific_params").forEach((task, special) -> {
            String prefix = special.text("prefix", "");
            if (!prefix.isEmpty()) prefixes.put(task, prefix);
        });
        if (prefixes.isEmpty()) return null;
        String all = prefixes.entrySet().stream()
                .map(prefix -> quoted(prefix.getValue()) + " (" + prefix.getKey() + ")")
                .collect(Collectors.joining(", "));
        String fitting = prefixes.get(kind.key());
        return "source_prefix is not set, but the model was pretrained with words before each text: " + all + ". Set "
                + (fitting == null ? "source_prefix to those of your task" : "source_prefix: " + quoted(fitting))
                + ", or the model has to learn without them.";
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
