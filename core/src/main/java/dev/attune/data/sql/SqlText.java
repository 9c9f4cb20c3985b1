package dev.attune.data.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of an SQL text outside its quotes and comments, and whether every database would cut it the same way. It
 * decides nothing that a parser decides: it names statements for messages, drops comments (some databases execute
 * theirs), and doubts a text in which one database sees a string where another sees a command.
 */
public final class SqlText {
    // Here '--' begins a comment whatever follows it. In MySQL 5--1 is a sum, and what follows it is no comment.
    private static final Set<String> DASHES_COMMENT =
            Set.of("duckdb", "postgresql", "sqlserver", "oracle", "h2", "sqlite", "db2", "derby", "hsqldb");
    // Here '#' begins no comment.
    private static final Set<String> HASH_IS_PLAIN = Set.of("duckdb", "postgresql", "sqlserver", "oracle", "h2");
    /** Where [ ] quote a name. */
    public static final Set<String> BRACKETS_QUOTE = Set.of("sqlserver", "jtds", "sqlite");
    // Here they never do.
    private static final Set<String> BRACKETS_ARE_PLAIN =
            Set.of("duckdb", "postgresql", "mysql", "mariadb", "oracle", "h2");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_$@.]+");
    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$([\\p{L}_][\\p{L}\\p{N}_]*)?\\$");

    private final String sql;
    private final String vendor;
    private final StringBuilder plain = new StringBuilder();
    private final List<List<String>> statements = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private @Nullable String doubt;
    private int at;

    /** @param vendor the word after {@code jdbc:} in the URL */
    public SqlText(String sql, String vendor) {
        this.sql = sql;
        this.vendor = vendor;
        while (at < sql.length()) step();
        endStatement();
    }

    /** The text without comments and without semicolons at its end; comments stay if there is a {@link #doubt()}. */
    public String plain() {
        return (doubt == null ? plain.toString() : sql).stripTrailing().replaceFirst("(\\s*;)+$", "");
    }

    /** The words and signs of each statement that is not empty: upper case, a quoted text as its quote. */
    public List<List<String>> statements() {
        return statements;
    }

    /** What databases read in different ways, or null. */
    @Nullable
    public String doubt() {
        return doubt;
    }

    private void step() {
        char c = sql.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
            quoted(c);
        } else if (sql.startsWith("--", at)) {
            boolean spaced = at + 2 == sql.length() || Character.isWhitespace(sql.charAt(at + 2));
            if (!spaced && !DASHES_COMMENT.contains(vendor)) doubt("-- without a space behind it");
            comment(lineEnd());
        } else if (sql.startsWith("/*", at)) {
            int end = sql.indexOf("*/", at + 2);
            String body = end < 0 ? "" : sql.substring(at + 2, end);
            if (end < 0) doubt("a comment that does not end");
            if (body.startsWith("!") || body.startsWith("M!")) doubt("a comment that MySQL executes (/*!)");
            if (body.contains("/*")) doubt("a comment within a comment");
            comment(end < 0 ? sql.length() : end + 2);
        } else if (c == '$' && dollarQuoted()) {
            doubt("a text in dollar quotes");
        } else if (c == ';') {
            endStatement();
            keep(1);
        } else if (Character.isWhitespace(c)) {
            keep(1);
        } else {
            sign(c);
        }
    }

    private void sign(char c) {
        if (c == '#' && !HASH_IS_PLAIN.contains(vendor)) doubt("the sign #, which begins a comment in MySQL");
        if (c == '[' && !BRACKETS_ARE_PLAIN.contains(vendor)) {
            int end = sql.indexOf(']', at);
            String inside = sql.substring(at, end < 0 ? sql.length() : end);
            if (inside.matches("(?s).*(['\"`;]|--|/\\*).*")) doubt("a quote, comment or semicolon in [ ]");
            if (BRACKETS_QUOTE.contains(vendor) && end >= 0) {
                words.add("[");
                keep(end + 1 - at);
                return;
            }
        }
        if (c == 0) doubt("a NUL character");
        Matcher word = WORD.matcher(sql).region(at, sql.length());
        int length = word.lookingAt() ? word.end() - at : 1;
        String text = sql.substring(at, at + length).toUpperCase(Locale.ROOT);
        if (sql.startsWith("'", at + length) && (text.equals("Q") || text.equals("NQ"))) {
            doubt("a text in Oracle's q-quotes");
        }
        words.add(text);
        keep(length);
    }

    private void quoted(char quote) {
        int end = at + 1;
        while (end < sql.length()) {
            if (sql.charAt(end) == quote) {
                if (sql.charAt(end - 1) == '\\') doubt("a backslash before a quote");
                if (end + 1 == sql.length() || sql.charAt(end + 1) != quote) break;
                end++;
            }
            end++;
        }
        if (end >= sql.length()) {
            doubt("a quote that is not closed");
            end = sql.length() - 1;
        }
        // To PostgreSQL a backtick is no quote.
        if (quote == '`' && sql.substring(at + 1, end).matches("(?s).*(['\"`;]|--|/\\*).*")) {
            doubt("a quote, comment or semicolon in backticks");
        }
        words.add(String.valueOf(quote));
        keep(end + 1 - at);
    }

    private boolean dollarQuoted() {
        Matcher open = DOLLAR_QUOTE.matcher(sql).region(at, sql.length());
        if (!open.lookingAt()) return false;
        int close = sql.indexOf(open.group(), open.end());
        words.add("'");
        keep((close < 0 ? sql.length() : close + open.group().length()) - at);
        return true;
    }

    private int lineEnd() {
        int end = at;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') end++;
        return end;
    }

    private void comment(int end) {
        // As blank space, so that what follows keeps its line and column.
        plain.append(sql.substring(at, end).replaceAll("[^\r\n]", " "));
        at = end;
    }

    private void keep(int length) {
        plain.append(sql, at, at + length);
        at += length;
    }

    private void endStatement() {
        if (!words.isEmpty()) statements.add(words);
        words = new ArrayList<>();
    }

    private void doubt(String what) {
        if (doubt == null) doubt = what;
    }
}
