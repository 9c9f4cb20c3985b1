package dev.attune.task.questionanswering;

import dev.attune.metric.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How the scripts of SQuAD compare two texts: without case, punctuation, English articles and blanks. */
final class AnswerText {
    /** Python's {@code string.punctuation}. */
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    /** Python's idea of a word, of letters and numbers of all scripts. */
    private static final Pattern ARTICLES = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

    private AnswerText() {}

    /** "The U.S." is "us": punctuation goes before articles do. */
    static String normalized(String text) {
        return String.join(" ", words(text));
    }

    static List<String> words(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return Words.of(ARTICLES.matcher(bare).replaceAll(" "));
    }

    static boolean same(String truth, String answer) {
        return normalized(truth).equals(normalized(answer));
    }

    /** Harmonic mean of precision and recall of the words, 0 to 1; 0 where no word is common, even if both have none. */
    static double f1(String truth, String answer) {
        List<String> gold = words(truth);
        List<String> given = words(answer);
        Map<String, Integer> counts = new HashMap<>();
        for (String word : gold) counts.merge(word, 1, Integer::sum);
        int common = 0;
        for (String word : given) if (counts.merge(word, -1, Integer::sum) >= 0) common++;
        if (common == 0) return 0;
        double precision = 1.0 * common / given.size();
        double recall = 1.0 * common / gold.size();
        return 2 * precision * recall / (precision + recall);
    }
}
