package dev.attune.task.tokenclassification;

import java.util.ArrayList;
import java.util.List;

/** Words of a text as BERT's tokenizer sees them: split at spaces, each punctuation mark and Chinese character by itself. */
final class WordSplit {
    private WordSplit() {}

    /** Start and end of each word. */
    static List<int[]> of(int[] points) {
        List<int[]> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= points.length; i++) {
            boolean space = i == points.length || Character.isWhitespace(points[i]) || Character.isSpaceChar(points[i]);
            boolean mark = !space && (isPunctuation(points[i]) || isChinese(points[i]));
            if ((space || mark) && start >= 0) {
                words.add(new int[] {start, i});
                start = -1;
            }
            if (mark) words.add(new int[] {i, i + 1});
            else if (!space && start < 0) start = i;
        }
        return words;
    }

    /** The blocks that BERT's tokenizer splits; it counts neither kana nor hangul among them. */
    private static boolean isChinese(int c) {
        return c >= 0x3400 && c <= 0x4DBF
                || c >= 0x4E00 && c <= 0x9FFF
                || c >= 0xF900 && c <= 0xFAFF
                || c >= 0x20000 && c <= 0x2A6DF
                || c >= 0x2A700 && c <= 0x2CEAF
                || c >= 0x2F800 && c <= 0x2FA1F;
    }

    private static boolean isPunctuation(int c) {
        if (c < 128) return c > 32 && c < 127 && !Character.isLetterOrDigit(c);
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
