package dev.attune.task.textgeneration;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a model says that goes on with texts. */
final class TextGenerationCard {
    private static final String COMMAND = "attune predict --model path/to/model \"Once upon a time\"";

    private static final String JAVA = """
            try (var writer = dev.attune.task.textgeneration.TextGenerationPipeline.load("path/to/model")) {
                System.out.println(writer.predict("Once upon a time"));
            }""";

    private static final String PYTHON = """
            from transformers import pipeline

            writer = pipeline("text-generation", model="path/to/model")
            print(writer("Once upon a time"))""";

    private static final String PYTHON_MODEL = """
            from transformers import AutoModelForCausalLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForCausalLM.from_pretrained("path/to/model")""";

    private TextGenerationCard() {}

    static Description description() {
        return new Description(
                "text-generation",
                "A causal language model",
                "It goes on with a text.",
                List.of(),
                COMMAND,
                JAVA,
                List.of(PYTHON, PYTHON_MODEL));
    }
}
