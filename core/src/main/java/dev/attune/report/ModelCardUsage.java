package dev.attune.report;

import dev.attune.task.Description;

/** The part of a {@link ModelCard} that shows how to use the model. */
final class ModelCardUsage {
    private ModelCardUsage() {}

    static String render(Description description) {
        StringBuilder out = new StringBuilder("## Use\n\n`path/to/model` is the folder that holds this file.\n");
        out.append("\nOn the command line:\n\n").append(Markdown.block("sh", description.command()));
        out.append("\nIn Java:\n\n").append(Markdown.block("java", description.java()));
        String head = "\nIn Python:\n\n";
        for (String program : description.python()) {
            out.append(head).append(Markdown.block("python", program));
            head = "\nor\n\n";
        }
        return out.toString();
    }
}
