package dev.attune.task.questionanswering;

/**
 * A true answer in its context.
 *
 * @param text as it stands there
 * @param start its place in UTF-16 units; -1 if nobody asked for it
 */
record GoldAnswer(String text, int start) {
    int end() {
        return start + text.length();
    }
}
