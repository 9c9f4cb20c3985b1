package dev.attune.metric;

import static java.util.Map.entry;

import java.util.Map;

/**
 * Cuts English words down to their stems: Porter, "An algorithm for suffix stripping" (1980), as {@code nltk.stem.porter} has it,
 * which ROUGE is measured with. That is not quite the algorithm of the paper: it knows some irregular words, keeps the y of
 * "enjoy", and has rules for -fully and -logy. The Porter stemmers of Lucene and Snowball lack these and differ in one English
 * word of forty, so none of them gives the reference's ROUGE.
 */
final class PorterStemmer {
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            entry("sky", "sky"),
            entry("skies", "sky"),
            entry("dying", "die"),
            entry("lying", "lie"),
            entry("tying", "tie"),
            entry("news", "news"),
            entry("innings", "inning"),
            entry("inning", "inning"),
            entry("outings", "outing"),
            entry("outing", "outing"),
            entry("cannings", "canning"),
            entry("canning", "canning"),
            entry("howe", "howe"),
            entry("proceed", "proceed"),
            entry("exceed", "exceed"),
            entry("succeed", "succeed"));

    /** An ending, and what comes in its place. Of a step, the first whose ending a word has is the only one tried. */
    private record Rule(String ending, String instead) {}

    private static final Rule[] DOUBLE_ENDINGS = rules(
            "ational ate tional tion enci ence anci ance izer ize bli ble alli al entli ent eli e ousli ous ization ize "
                    + "ation ate ator ate alism al iveness ive fulness ful ousness ous aliti al iviti ive biliti ble "
                    + "fulli ful");
    private static final Rule[] ADJECTIVES = rules("icate ic ative - alize al iciti ic ical ic ful - ness -");
    private static final Rule[] LAST_ENDINGS = rules("al - ance - ence - er - ic - able - ible - ant - ement - ment - "
            + "ent - ion - ou - ism - ate - iti - ous - ive - ize -");

    private PorterStemmer() {}

    /** Endings and what comes in their place, in turn; a hyphen is nothing. */
    private static Rule[] rules(String table) {
        String[] parts = table.split(" ");
        Rule[] rules = new Rule[parts.length / 2];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = new Rule(parts[2 * i], parts[2 * i + 1].replace("-", ""));
        }
        return rules;
    }

    /** @param word in lower case; what is no vowel is taken for a consonant, digits too */
    static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) return irregular;
        if (word.length() <= 2) return word;
        String stem = finalY(pastAndProgress(plural(word)));
        stem = doubleEndings(stem);
        stem = first(stem, ADJECTIVES, 1);
        stem = lastEndings(stem);
        return finalL(finalE(stem));
    }

    /** Step 1a. */
    private static String plural(String word) {
        if (word.endsWith("ies")) return cut(word, word.length() == 4 ? 1 : 2);
        if (word.endsWith("sses")) return cut(word, 2);
        return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
    }

    /** Step 1b. */
    private static String pastAndProgress(String word) {
        if (word.endsWith("ied")) return cut(word, word.length() == 4 ? 1 : 2);
        if (word.endsWith("eed")) return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        int length = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
        if (length == 0 || !hasVowel(cut(word, length))) return word;
        String stem = cut(word, length);
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) return stem + "e";
        if (endsInDouble(stem)) return "lsz".indexOf(end(stem)) < 0 ? cut(stem, 1) : stem;
        return measure(stem) == 1 && isShort(stem) ? stem + "e" : stem;
    }

    /** Step 1c: a y after a consonant, except in words such as "by". */
    private static String finalY(String word) {
        if (!word.endsWith("y") || word.length() < 3 || !isConsonant(word, word.length() - 2)) return word;
        return cut(word, 1) + "i";
    }

    /** Step 2. */
    private static String doubleEndings(String word) {
        String stem = word.endsWith("alli") && measure(cut(word, 4)) > 0 ? cut(word, 2) : word;
        if (stem.endsWith("logi")) return measure(cut(stem, 3)) > 0 ? cut(stem, 1) : stem; // the l counts, too
        return first(stem, DOUBLE_ENDINGS, 1);
    }

    /** Step 4. */
    private static String lastEndings(String word) {
        if (word.endsWith("ion") && !word.endsWith("sion") && !word.endsWith("tion")) return word;
        return first(word, LAST_ENDINGS, 2);
    }

    /** Step 5a. */
    private static String finalE(String word) {
        if (!word.endsWith("e")) return word;
        String stem = cut(word, 1);
        int measure = measure(stem);
        return measure > 1 || measure == 1 && !isShort(stem) ? stem : word;
    }

    /** Step 5b. */
    private static String finalL(String word) {
        return word.endsWith("ll") && measure(cut(word, 1)) > 1 ? cut(word, 1) : word;
    }

    /** @param least measure that what comes before the ending must have */
    private static String first(String word, Rule[] rules, int least) {
        for (Rule rule : rules) {
            if (!word.endsWith(rule.ending)) continue;
            String before = cut(word, rule.ending.length());
            return measure(before) >= least ? before + rule.instead : word;
        }
        return word;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    private static char end(String word) {
        return word.charAt(word.length() - 1);
    }

    /** Whether a letter is a consonant: none of a, e, i, o, u, and no y after a consonant. */
    private static boolean isConsonant(String word, int place) {
        boolean consonant = false;
        for (int i = 0; i <= place; i++) consonant = consonantAfter(consonant, word.charAt(i));
        return consonant;
    }

    private static boolean consonantAfter(boolean consonant, char letter) {
        return switch (letter) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> !consonant;
            default -> true;
        };
    }

    /** How often a consonant follows a vowel: the m of the paper. */
    private static int measure(String stem) {
        int measure = 0;
        boolean before = true;
        for (int i = 0; i < stem.length(); i++) {
            boolean consonant = consonantAfter(i > 0 && before, stem.charAt(i));
            if (consonant && !before) measure++;
            before = consonant;
        }
        return measure;
    }

    private static boolean hasVowel(String stem) {
        boolean consonant = false;
        for (int i = 0; i < stem.length(); i++) {
            consonant = consonantAfter(consonant, stem.charAt(i));
            if (!consonant) return true;
        }
        return false;
    }

    private static boolean endsInDouble(String word) {
        int last = word.length() - 1;
        return last > 0 && word.charAt(last) == word.charAt(last - 1) && isConsonant(word, last);
    }

    /** Ends in consonant, vowel, consonant other than w, x, y ("hop"), or is a vowel and a consonant ("us"). */
    private static boolean isShort(String word) {
        int last = word.length() - 1;
        if (last < 1 || !isConsonant(word, last) || isConsonant(word, last - 1)) return false;
        return last == 1 || isConsonant(word, last - 2) && "wxy".indexOf(end(word)) < 0;
    }
}
