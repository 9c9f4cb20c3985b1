package dev.attune.report;

import dev.attune.task.Description;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of a {@link ModelCard} that shows how to use the model. */
final class ModelCardUsage {
    private ModelCardUsage() {}

    /** @param adapted Python's class of the base model where the folder holds an adapter; else null */
    static String render(Description description, @Nullable String adapted) {
        StringBuilder out = new StringBuilder("## Use\n\n`path/to/model` is the folder that holds this file.\n");
        out.append("\nOn the command line:\n\n").append(Markdown.block("sh", description.command()));
        out.append("\nIn Java:\n\n").append(Markdown.block("java", description.java()));
        String head = "\nIn Python:\n\n";
        for (String program : adapted == null ? description.python() : List.of(python(adapted))) {
            out.append(head).append(Markdown.block("python", program));
            head = "\nor\n\n";
        }
        return out.toString();
    }

    /** The head of the base model may have another size; that of the adapter takes its place. */
    private static String python(String model) {
        return """
                from peft import PeftConfig, PeftModel
                from transformers import AutoConfig, %1$s, AutoTokenizer

                folder = "path/to/model"
                base = PeftConfig.from_pretrained(folder).base_model_name_or_path
                config = AutoConfig.from_pretrained(folder)
                model = %1$s.from_pretrained(base, config=config, ignore_mismatched_sizes=True)
                model = PeftModel.from_pretrained(model, folder)
                tokenizer = AutoTokenizer.from_pretrained(folder)
                """.formatted(model);
    }
}
