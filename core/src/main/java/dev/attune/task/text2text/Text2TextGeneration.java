package dev.attune.task.text2text;

import java.util.List;

/** The task {@code text2text-generation}. */
public final class Text2TextGeneration extends Text2Text {
    public Text2TextGeneration() {
        super(Kind.ANY);
    }

    @Override
    public List<String> architectures() {
        return List.of("ForConditionalGeneration");
    }

    @Override
    public String summary() {
        return "A text is read, and another one is written about it: training on pairs of texts.";
    }
}
