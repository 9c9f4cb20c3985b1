package dev.attune.task.textclassification;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a text classification model says. */
final class TextClassificationCard {
    private static final String COMMAND = "attune predict --model path/to/model \"Some text\"";

    private static final String JAVA = """
            try (var classifier = dev.attune.task.textclassification.TextClassificationPipeline.load("path/to/model")) {
                System.out.println(classifier.predict("Some text"));
            }""";

    private static final String PYTHON = """
            from transformers import pipeline

            classifier = pipeline("text-classification", model="path/to/model"%s)
            print(classifier("Some text"))""";

    private static final String PYTHON_MODEL = """
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForSequenceClassification.from_pretrained("path/to/model")""";

    private TextClassificationCard() {}

    static Description of(Labels labels, boolean pairs) {
        int count = labels.names().size();
        boolean several = labels.problem() == ProblemType.MULTI_LABEL_CLASSIFICATION;
        String abilities = switch (labels.problem()) {
            case REGRESSION -> "It gives a text a number.";
            case MULTI_LABEL_CLASSIFICATION -> "It gives a text any number of " + count + " labels.";
            case SINGLE_LABEL_CLASSIFICATION -> "It gives a text one of " + count + " labels.";
        };
        return new Description(
                "text-classification",
                "A text classification model",
                abilities,
                labels.names(),
                pairs ? COMMAND.replace("\"Some", "--text-pair \"Another text\" \"Some") : COMMAND,
                JAVA,
                // Without top_k the Python pipeline shows one label only, which hides the others that may hold as well.
                List.of(PYTHON.formatted(several ? ", top_k=None" : ""), PYTHON_MODEL));
    }
}
