package dev.attune.task.questionanswering;

import java.util.List;

/**
 * What a {@link QuestionAnsweringPipeline} answers.
 *
 * @param answers the best first, at least one
 */
public record QuestionAnswer(List<FoundAnswer> answers) {
    public QuestionAnswer {
        answers = List.copyOf(answers);
    }

    /** The best answer. */
    public FoundAnswer best() {
        return answers.get(0);
    }
}
