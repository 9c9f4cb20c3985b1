package dev.attune.report;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of strangers (labels, file names, parameter values) inside GitHub-flavoured Markdown, without being read as
 * markup.
 */
public final class Markdown {
    private static final Pattern BACKTICKS = Pattern.compile("`+");

    private Markdown() {}

    /** Running text: every sign with a meaning is escaped, line breaks become spaces. */
    public static String text(String text) {
        return oneLine(text).replaceAll("[\\\\`*_{}\\[\\]<>#|~!&$]", "\\\\$0");
    }

    /** A code span; its fence is longer than any run of backticks in it. */
    public static String code(String text) {
        String line = oneLine(text);
        if (line.isEmpty()) return "";
        String fence = "`".repeat(longestRun(line) + 1);
        String pad = line.startsWith("`") || line.endsWith("`") || line.isBlank() ? " " : "";
        return fence + pad + line + pad + fence;
    }

    /** A code block with lines kept. */
    static String block(String language, String text) {
        String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
        return fence + language + "\n" + text.stripTrailing() + "\n" + fence + "\n";
    }

    /**
     * A table; cells are Markdown already. A bar would end a cell even inside a code span, so bars are escaped here.
     */
    public static String table(List<String> heads, List<List<String>> rows) {
        var out = new StringBuilder(row(heads));
        out.append("|").append(" --- |".repeat(heads.size())).append('\n');
        for (List<String> row : rows) {
            out.append(row(row.stream().map(Markdown::cell).toList()));
        }
        return out.toString();
    }

    private static String cell(String markdown) {
        return markdown.replaceAll("(?<!\\\\)\\|", "\\\\|");
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static int longestRun(String text) {
        int longest = 0;
        Matcher runs = BACKTICKS.matcher(text);
        while (runs.find()) longest = Math.max(longest, runs.end() - runs.start());
        return longest;
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
