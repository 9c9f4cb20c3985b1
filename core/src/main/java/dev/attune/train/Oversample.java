package dev.attune.train;

import dev.attune.config.Argument;
import dev.attune.config.Contradictions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code oversample} asks for: how large small classes are made.
 *
 * @param text {@code balanced}, which is 1, or the share: {@code 0.5}; null in a record that has read it
 * @param to share of the largest class that each class is raised to
 */
public record Oversample(
        @Nullable String text,

        @Argument(
                group = TrainingArguments.Groups.IMBALANCE,
                range = "(0, 1]",
                example = "0.5",
                doc = "Share of the largest class that each smaller class is raised to.")
        @Nullable
        Double to) {
    private static final String KEY = "oversample";
    private static final Pattern SHARE = Pattern.compile("(?:to *[=:] *)?(\\d*\\.?\\d+)");

    /** All classes alike. */
    public static final Oversample BALANCED = to(1);

    /** @throws dev.attune.config.ContradictionException if the text is neither, or the share is not above 0 and at most 1 */
    public Oversample {
        Contradictions wrong = new Contradictions();
        if (text != null && to != null) {
            wrong.add(
                    KEY + " is \"" + text + "\", and " + KEY + "_to is set too. Delete one of them.", KEY, KEY + "_to");
        } else if (text != null) {
            to = share(text.strip(), wrong);
        } else if (to == null || !(to > 0 && to <= 1)) {
            wrong.add(KEY + "_to is " + to + ", but must be a number above 0 and at most 1.", KEY + "_to", KEY);
        }
        text = null;
        wrong.throwIfAny();
    }

    private static double share(String text, Contradictions wrong) {
        if (text.equals("balanced")) return 1;
        Matcher matcher = SHARE.matcher(text);
        double share = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
        if (!(share > 0 && share <= 1)) {
            wrong.add(
                    KEY + " is \"" + text
                            + "\", but must be balanced, or the share of the largest class that each class is"
                            + " raised to, above 0 and at most 1, for instance 0.5.",
                    KEY);
        }
        return share;
    }

    /** @param share of the largest class that each class is raised to */
    public static Oversample to(double share) {
        return new Oversample(null, share);
    }

    /** {@code balanced}, or the share. */
    @Override
    public String toString() {
        return to != null && to == 1 ? "balanced" : String.valueOf(to);
    }
}
