package dev.attune.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a path or data source may be shown to strangers. */
public final class Published {
    /** How an absolute path begins, here or on Windows; two slashes begin a host. */
    private static final String START = "(?:/(?!/)|[A-Za-z]:[\\\\/](?!/))";

    private static final Pattern ABSOLUTE = Pattern.compile("(?:/|[A-Za-z]:[\\\\/])[^\\n]*");
    /** An absolute path inside a query or a URL of a database: up to the quote or the end of the word. */
    private static final Pattern INSIDE = Pattern.compile(
            "(?:(?<=')" + START + "[^'\\n]*|(?<=\")" + START + "[^\"\\n]*|(?<=:)" + START + "[^\\s?;'\"]*)");

    private static final Pattern USER_INFO = Pattern.compile("(://[^/@\\s:]*:)[^@/\\s]+@");
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:password|passwd|pwd|secret|token|key)\\s*=\\s*)[^&;\\s'\")]+");

    private Published() {}

    /** The text without the folders of absolute paths, and with passwords, keys and tokens blanked. */
    public static String text(String text) {
        if (ABSOLUTE.matcher(text).matches()) return fileName(text);
        String shortened = INSIDE.matcher(text).replaceAll(path -> Matcher.quoteReplacement(fileName(path.group())));
        return SECRET.matcher(USER_INFO.matcher(shortened).replaceAll("$1***@")).replaceAll("$1***");
    }

    /** Not java.nio.file.Path: a card may be written on another system than the path comes from. */
    private static String fileName(String path) {
        String[] parts = path.split("[\\\\/]+");
        return parts.length > 0 ? parts[parts.length - 1] : path;
    }
}
