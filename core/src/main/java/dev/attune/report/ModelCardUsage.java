package dev.attune.report;

/** The part of a {@link ModelCard} that shows how to use the model. */
final class ModelCardUsage {
    private static final String COMMAND = "attune predict --model path/to/model \"Some text\"";

    private static final String JAVA = """
            try (var classifier = dev.attune.task.TextClassificationPipeline.load("path/to/model")) {
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

    private ModelCardUsage() {}

    static String render(String problemType) {
        // Without top_k the Python pipeline shows one label only, which hides the others that may hold as well.
        String every = problemType.equals("multi_label_classification") ? ", top_k=None" : "";
        return "## Use\n\n`path/to/model` is the folder that holds this file.\n\nOn the command line:\n\n"
                + Markdown.block("sh", COMMAND)
                + "\nIn Java:\n\n"
                + Markdown.block("java", JAVA)
                + "\nIn Python:\n\n"
                + Markdown.block("python", PYTHON.formatted(every))
                + "\nor\n\n"
                + Markdown.block("python", PYTHON_MODEL);
    }
}
