package dev.attune.data.sql;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a JDBC URL says: whose it is, its parameters, and what of it must never be shown. */
public final class JdbcUrl {
    private static final Set<String> SEMICOLONS = Set.of("sqlserver", "h2", "duckdb", "derby", "jtds");
    private static final Pattern SECRET_NAME =
            Pattern.compile("pass|pwd|secret|token|credentials?$|api_?key|access_?key", Pattern.CASE_INSENSITIVE);
    private static final Pattern ASSIGNED =
            Pattern.compile("(?:^|[?&;:(,])\\s*([^?&;:(,=]*)=([^?&;),]*)"); // every vendor's way to write name=value
    private static final String HOST = "(?:[\\w.%-]*|\\[[\\w:.%]*\\])(?::\\d+)?";
    private static final Pattern HOSTS = Pattern.compile(HOST + "(?:," + HOST + ")*");

    private final String url;

    public JdbcUrl(String url) {
        this.url = url;
    }

    public boolean isJdbc() {
        return url.startsWith("jdbc:");
    }

    /** The word after {@code jdbc:} in lower case, which names the driver; empty if this is no JDBC URL. */
    public String vendor() {
        String[] parts = url.split(":", 3);
        if (!isJdbc() || parts.length < 2) return "";
        return parts[1].toLowerCase(Locale.ROOT).replace("+srv", "");
    }

    /** What stands before the parameters. */
    public String address() {
        int end = url.indexOf(SEMICOLONS.contains(vendor()) ? ';' : '?');
        return end < 0 ? url : url.substring(0, end);
    }

    /** The parameters in their order, decoded; one that cannot be decoded stays as it is. */
    public Map<String, String> parameters() {
        String rest = url.substring(address().length());
        Map<String, String> parameters = new LinkedHashMap<>();
        if (rest.isEmpty()) return parameters;
        String separator = SEMICOLONS.contains(vendor()) ? ";" : "&";
        for (String part : rest.substring(1).split(separator)) {
            if (part.isBlank()) continue;
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals)).strip();
            parameters.put(name, equals < 0 ? "" : decode(part.substring(equals + 1)));
        }
        return parameters;
    }

    private String decode(String text) {
        if (SEMICOLONS.contains(vendor())) return text;
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Passwords, tokens and the like that the URL holds, in the forms of all vendors. */
    public List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        parameters().forEach((name, value) -> {
            if (SECRET_NAME.matcher(name).find() && !value.isEmpty()) secrets.add(value);
        });
        Matcher assigned = ASSIGNED.matcher(url);
        while (assigned.find()) {
            if (SECRET_NAME.matcher(decode(assigned.group(1))).find()) secrets.add(assigned.group(2));
        }
        int at = userEnd();
        if (at >= 0) {
            // user:password@ as MySQL has it and others are given by mistake; user/password@ for Oracle
            String user = url.substring(userStart(), at);
            Matcher split = Pattern.compile("[:/]").matcher(user);
            if (split.find()) secrets.add(user.substring(split.end()));
        }
        for (String secret : List.copyOf(secrets)) {
            if (secret.startsWith("{") && secret.endsWith("}")) secrets.add(secret.substring(1, secret.length() - 1));
        }
        secrets.removeIf(String::isEmpty);
        return secrets;
    }

    private int userStart() {
        Matcher oracle = Pattern.compile("(?i)^jdbc:oracle:\\w+:").matcher(url);
        if (oracle.find()) return oracle.end();
        int slashes = url.indexOf("//");
        return slashes < 0 ? url.length() : slashes + 2;
    }

    /** Where the part {@code user:password} ends, or -1. An {@code @} behind the database's name is none of its. */
    private int userEnd() {
        int start = userStart();
        if (start >= url.length()) return -1;
        String head = address();
        int at = head.lastIndexOf('@');
        if (at >= start) return at;
        // A password may hold the very sign that parameters begin with: then no database's name came before it.
        boolean named = head.length() > start && head.indexOf('/', start) >= 0 && !vendor().equals("oracle");
        int beyond = named ? -1 : url.indexOf('@', start);
        return beyond >= 0 && url.indexOf('=', start) >= 0 && url.indexOf('=', start) < beyond ? -1 : beyond;
    }

    /** The URL for people: without user, password and parameters. */
    public String shown() {
        int at = userEnd();
        String rest = at < 0 ? url : url.substring(0, userStart()) + (isOracle() ? "@" : "") + url.substring(at + 1);
        rest = rest.replaceFirst("[?;(].*", "").replaceFirst(":[A-Za-z_]+=.*", "");
        int slashes = rest.indexOf("//");
        if (slashes < 0) return rest;
        int end = rest.indexOf('/', slashes + 2);
        String authority = rest.substring(slashes + 2, end < 0 ? rest.length() : end);
        if (HOSTS.matcher(authority).matches()) return rest;
        return rest.substring(0, slashes + 2) + "…" + (end < 0 ? "" : rest.substring(end));
    }

    private boolean isOracle() {
        return vendor().equals("oracle");
    }

    /** A driver's error without what it quotes of the URL and the password. */
    public SQLException clean(SQLException e, @Nullable String password) {
        String message = String.valueOf(e.getMessage());
        String clean = message.replace(url, shown());
        List<String> hidden = new ArrayList<>(secrets());
        if (password != null && !password.isEmpty()) hidden.add(password);
        for (String secret : hidden) {
            // Short ones only as a whole word, or half of the message would go.
            String quoted = Pattern.quote(secret);
            clean = clean.replaceAll(secret.length() < 6 ? "(?<!\\w)" + quoted + "(?!\\w)" : quoted, "***");
        }
        if (clean.equals(message)) return e;
        return new SQLException(clean, e.getSQLState(), e.getErrorCode());
    }
}
