package dev.attune.task.questionanswering;

/**
 * What a {@link QuestionAnsweringPipeline} is asked.
 *
 * @param question what is to be known
 * @param context the text that may have the answer; it may be long
 */
public record QuestionInput(String question, String context) {
    /** Some questions begin with many blanks, which would take the room of the text: the reference strips them too. */
    static String stripped(String question) {
        int from = 0;
        while (from < question.length()
                && (Character.isWhitespace(question.charAt(from)) || Character.isSpaceChar(question.charAt(from)))) {
            from++;
        }
        return question.substring(from);
    }
}
