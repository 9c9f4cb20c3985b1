package dev.attune.task;

import java.util.List;

/**
 * What a model card says of a fine-tuned model.
 *
 * @param pipelineTag the Hub's name of the task
 * @param kind begins a sentence: {@code A text classification model}
 * @param abilities one sentence: {@code It gives a text one of 77 labels.}
 * @param labels names in the order of their ids; empty if the task has none
 * @param command how to use it on the command line; the folder is called {@code path/to/model}
 * @param java how to use it from Java
 * @param python ways to use it from Python
 */
public record Description(
        String pipelineTag,
        String kind,
        String abilities,
        List<String> labels,
        String command,
        String java,
        List<String> python) {
    public Description {
        labels = List.copyOf(labels);
        python = List.copyOf(python);
    }
}
