package dev.attune.report;

import java.util.regex.Pattern;

/** What of a path or data source may be shown to strangers. */
public final class Published {
    private static final Pattern ABSOLUTE = Pattern.compile("(?:/|[A-Za-z]:[\\\\/])[^\\n]*");
    private static final Pattern USER_INFO = Pattern.compile("(://[^/@\\s:]*:)[^@/\\s]+@");
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:password|passwd|pwd|secret|token|key)\\s*=\\s*)[^&;\\s'\")]+");

    private Published() {}

    /** The file name, if the text is an absolute path; else the text with passwords, keys and tokens blanked. */
    static String text(String text) {
        if (ABSOLUTE.matcher(text).matches()) {
            // Not java.nio.file.Path: a card may be written on another system than the path comes from.
            String[] parts = text.split("[\\\\/]+");
            if (parts.length > 0) return parts[parts.length - 1];
        }
        return SECRET.matcher(USER_INFO.matcher(text).replaceAll("$1***@")).replaceAll("$1***");
    }
}
