package dev.attune.task.questionanswering;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import java.util.List;

/**
 * The two classes of windows: those that hold the whole answer, and those that do not, whose label is their first token. A
 * long text with an answer has windows of both.
 */
final class Answerable {
    /** Their names in the order of their ids. */
    static final List<String> NAMES = List.of("answerable", "unanswerable");

    private Answerable() {}

    static int of(Example window) {
        return of(window.labels()[0]);
    }

    /** The class of window {@code b} of a batch. */
    static int of(Batch batch, int b) {
        return of(batch.labels()[2 * b]);
    }

    /** The first token is none of the text: the question comes before it. */
    private static int of(int start) {
        return start > 0 ? 0 : 1;
    }
}
