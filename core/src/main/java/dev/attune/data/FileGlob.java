package dev.attune.data;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/**
 * A pattern for files as Python and DuckDB read it: {@code **}{@code /} also stands for no folder at all, and a name that
 * begins with a dot is matched only by a pattern that says so.
 */
final class FileGlob {
    private final PathMatcher matcher;
    private final boolean hidden;

    /** @throws java.util.regex.PatternSyntaxException if it is no pattern */
    FileGlob(String pattern) {
        matcher = FileSystems.getDefault().getPathMatcher("glob:" + anyDepth(pattern));
        hidden = pattern.startsWith(".") || pattern.contains("/.");
    }

    /** Within braces {@code **}{@code /} stays as it is, because groups cannot be nested. */
    private static String anyDepth(String pattern) {
        StringBuilder glob = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '{') braces++;
            if (c == '}') braces--;
            boolean begins = i == 0 || pattern.charAt(i - 1) == '/';
            if (braces == 0 && begins && pattern.startsWith("**/", i)) {
                glob.append("{**/,}");
                i += 2;
            } else {
                glob.append(c);
            }
        }
        return glob.toString();
    }

    boolean matches(Path relative) {
        if (!matcher.matches(relative)) return false;
        if (hidden) return true;
        for (Path name : relative) if (name.toString().startsWith(".")) return false;
        return true;
    }
}
