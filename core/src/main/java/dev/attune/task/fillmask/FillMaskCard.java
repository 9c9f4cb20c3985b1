package dev.attune.task.fillmask;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a masked language model says. All families that there are write their mask as BERT does. */
final class FillMaskCard {
    private static final String COMMAND = "attune predict --model path/to/model \"Some [MASK] text\"";

    private static final String JAVA = """
            try (var words = dev.attune.task.fillmask.FillMaskPipeline.load("path/to/model")) {
                System.out.println(words.predict("Some [MASK] text"));
            }""";

    private static final String PYTHON = """
            from transformers import pipeline

            fill = pipeline("fill-mask", model="path/to/model")
            print(fill("Some [MASK] text"))""";

    private static final String PYTHON_MODEL = """
            from transformers import AutoModelForMaskedLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForMaskedLM.from_pretrained("path/to/model")""";

    private FillMaskCard() {}

    static Description description() {
        return new Description(
                "fill-mask",
                "A masked language model",
                "It guesses hidden words of a text.",
                List.of(),
                COMMAND,
                JAVA,
                List.of(PYTHON, PYTHON_MODEL));
    }
}
