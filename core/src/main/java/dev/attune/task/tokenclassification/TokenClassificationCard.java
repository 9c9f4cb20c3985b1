package dev.attune.task.tokenclassification;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a token classification model says. */
final class TokenClassificationCard {
    private static final String COMMAND =
            "attune predict --model path/to/model --aggregation-strategy simple \"Some text\"";

    private static final String JAVA = """
            try (var words = dev.attune.task.tokenclassification.TokenClassificationPipeline.load("path/to/model")) {
                System.out.println(words.predict("Some text"));
            }""";

    private static final String PYTHON = """
            from transformers import pipeline

            find = pipeline("token-classification", model="path/to/model", aggregation_strategy="simple")
            print(find("Some text"))""";

    private static final String PYTHON_MODEL = """
            from transformers import AutoModelForTokenClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForTokenClassification.from_pretrained("path/to/model")""";

    private TokenClassificationCard() {}

    static Description of(List<String> labels) {
        return new Description(
                "token-classification",
                "A token classification model",
                "It gives each word of a text one of " + labels.size() + " tags.",
                labels,
                COMMAND,
                JAVA,
                List.of(PYTHON, PYTHON_MODEL));
    }
}
