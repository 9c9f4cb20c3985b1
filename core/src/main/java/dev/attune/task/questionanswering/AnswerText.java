package dev.attune.task.questionanswering;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How the scripts of SQuAD compare two texts: without case, punctuation, English articles and blanks. */
final class AnswerText {
    /** Python's {@code string.punctuation}. */
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    /** Python's idea of a word, of letters and numbers of all scripts. */
    private static final Pattern ARTICLES = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

    /** What Python's {@code split()} splits at. */
    private static final Pattern BLANKS =
            Pattern.compile("[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

    private AnswerText() {}

    /** "The U.S." is "us": punctuation goes before articles do. */
    static String normalized(String text) {
        return String.join(" ", words(text));
    }

    static List<String> words(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        String rest = ARTICLES.matcher(bare).replaceAll(" ");
        return Arrays.stream(BLANKS.split(rest)).filter(word -> !word.isEmpty()).collect(Collectors.toList());
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
