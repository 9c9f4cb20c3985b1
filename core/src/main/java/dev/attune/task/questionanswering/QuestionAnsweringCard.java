package dev.attune.task.questionanswering;

import dev.attune.task.Description;
import java.util.List;

/** What the card of a model that answers questions says. */
final class QuestionAnsweringCard {
    private static final String COMMAND =
            "attune predict --model path/to/model --context \"Some text that has the answer.\" \"Some question?\"";

    private static final String JAVA = """
            try (var answers = dev.attune.task.questionanswering.QuestionAnsweringPipeline.load("path/to/model")) {
                System.out.println(answers.predict("Some question?", "Some text that has the answer."));
            }""";

    /** The pipeline of this task is gone from transformers 5; the model is not. */
    private static final String PYTHON_MODEL = """
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("path/to/model")
            model = AutoModelForQuestionAnswering.from_pretrained("path/to/model")""";

    private static final String PYTHON = """
            from transformers import pipeline  # transformers 4: version 5 has no such pipeline

            answer = pipeline("question-answering", model="path/to/model")
            print(answer(question="Some question?", context="Some text that has the answer."))""";

    private QuestionAnsweringCard() {}

    static Description description() {
        return new Description(
                "question-answering",
                "A question answering model",
                "It finds the part of a text that answers a question.",
                List.of(),
                COMMAND,
                JAVA,
                List.of(PYTHON_MODEL, PYTHON));
    }
}
