package dev.attune.task.text2text;

import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;

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
}
