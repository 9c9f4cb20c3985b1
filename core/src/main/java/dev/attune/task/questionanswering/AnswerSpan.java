package dev.attune.task.questionanswering;

/**
 * A possible answer.
 *
 * @param from its place in the context, in UTF-16 units
 * @param to its end, exclusive; as {@code from} for "no answer"
 * @param startLogit of its first token
 * @param endLogit of its last token
 * @param made whether it stands for the lack of any answer, as the reference makes one up
 */
record AnswerSpan(int from, int to, float startLogit, float endLogit, boolean made) {
    /** What the reference writes where it finds no span at all. */
    static final AnswerSpan EMPTY = new AnswerSpan(0, 0, 0, 0, true);

    float score() {
        return startLogit + endLogit;
    }

    String text(String context) {
        return made ? "empty" : context.substring(from, to);
    }
}
