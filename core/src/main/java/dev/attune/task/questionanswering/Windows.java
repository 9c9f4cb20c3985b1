package dev.attune.task.questionanswering;

import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question with its context as one or several windows of tokens, each with the whole question and a part of the context;
 * and where an answer is in them, by the rules of {@code run_qa.py}.
 *
 * @param maxLength tokens of a window at most
 * @param stride tokens that neighbours share; half of a window's room for the context where it has no more
 */
record Windows(Tokenizer tokenizer, int maxLength, int stride) {
    /**
     * At least one window.
     *
     * @throws DataException if the question leaves no room for the context
     */
    List<Encoding> of(QuestionInput input) {
        Encoding full = tokenizer.encode(input.question(), input.context(), Integer.MAX_VALUE);
        if (full.length() <= maxLength) return List.of(full);
        int room = room(full);
        if (room <= 0) {
            throw new DataException(
                    "the question has " + count(full, 0) + " tokens and leaves no room for the context in " + maxLength
                            + " tokens. Shorten it, or raise max_length.");
        }
        return tokenizer.windowsOfPair(full, maxLength, stride < room ? stride : room / 2);
    }

    /** Whether windows of this question share less than they were asked to. */
    boolean lowersStride(Encoding window) {
        return window.truncated() && stride >= room(window);
    }

    private int room(Encoding encoding) {
        return maxLength - count(encoding, -1) - count(encoding, 0);
    }

    private static int count(Encoding encoding, int sequence) {
        int count = 0;
        for (int id : encoding.sequenceIds()) if (id == sequence) count++;
        return count;
    }

    /** A window as an example whose labels are the first and the last token of the answer. */
    Example example(Encoding window, @Nullable GoldAnswer answer) {
        return new Example(window.ids(), window.typeIds(), labels(window, answer), new float[0]);
    }

    /** A window to be answered. */
    static Example example(Encoding window) {
        return new Example(window.ids(), window.typeIds(), new int[0], new float[0]);
    }

    /**
     * First and last token of the answer; the first token of all, twice, where the window does not have the whole answer.
     *
     * @param answer null if there is none
     */
    int[] labels(Encoding window, @Nullable GoldAnswer answer) {
        int none = none(window);
        int first = 0;
        int last = window.length() - 1;
        while (first < window.length() && window.sequenceIds()[first] != 1) first++;
        while (last >= 0 && window.sequenceIds()[last] != 1) last--;
        if (answer == null || first > last) return new int[] {none, none};
        if (window.start(first) > answer.start() || window.end(last) < answer.end()) return new int[] {none, none};
        int start = first;
        while (start <= last && window.start(start) <= answer.start()) start++;
        int end = last;
        while (end >= first && window.end(end) >= answer.end()) end--;
        return new int[] {start - 1, end + 1};
    }

    /** The token that stands for "no answer". */
    private int none(Encoding window) {
        int cls = tokenizer.clsTokenId().orElse(-1);
        for (int i = 0; i < window.length(); i++) if (window.ids()[i] == cls) return i;
        return 0;
    }
}
