package dev.attune.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words as {@code rouge_score} 0.1.2 finds them: runs of a to z and 0 to 9 in the text in lower case. */
final class RougeWords {
    /** Shorter words keep their endings. */
    private static final int STEMMED = 4;

    private RougeWords() {}

    static List<String> of(String text, boolean stemmed) {
        String lower = text.toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= lower.length(); i++) {
            if (i < lower.length() && isKept(lower.charAt(i))) continue;
            if (i > start) {
                String word = lower.substring(start, i);
                words.add(stemmed && word.length() >= STEMMED ? PorterStemmer.stem(word) : word);
            }
            start = i + 1;
        }
        return words;
    }

    private static boolean isKept(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}
