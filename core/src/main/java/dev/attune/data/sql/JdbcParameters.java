package dev.attune.data.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which parts of a JDBC URL a recipe may set. Drivers have parameters that load classes ({@code socketFactory}), run
 * scripts ({@code INIT}), read local files for the server ({@code allowLoadLocalInfile}) or write them ({@code
 * loggerFile}), and each version brings new ones; a list of the bad would always be behind. So this is a list of the
 * harmless, by driver, and of a driver that is not here a recipe may set nothing.
 */
public final class JdbcParameters {
    private static final Map<String, Set<String>> HARMLESS = Map.of(
            "postgresql",
            Set.of(
                    "user",
                    "ssl",
                    "sslmode",
                    "sslcert",
                    "sslkey",
                    "sslrootcert",
                    "sslnegotiation",
                    "channelbinding",
                    "gssencmode",
                    "applicationname",
                    "currentschema",
                    "connecttimeout",
                    "logintimeout",
                    "sockettimeout",
                    "cancelsignaltimeout",
                    "tcpkeepalive",
                    "targetservertype",
                    "loadbalancehosts",
                    "hostrecheckseconds",
                    "readonly",
                    "rewritebatchedinserts"),
            "mysql",
            Set.of(
                    "user",
                    "usessl",
                    "requiressl",
                    "verifyservercertificate",
                    "sslmode",
                    "tlsversions",
                    "allowpublickeyretrieval",
                    "servertimezone",
                    "connectiontimezone",
                    "characterencoding",
                    "useunicode",
                    "connectioncollation",
                    "connecttimeout",
                    "sockettimeout",
                    "tcpkeepalive",
                    "usecompression",
                    "usecursorfetch",
                    "useserverprepstmts",
                    "zerodatetimebehavior",
                    "tinyint1isbit",
                    "transformedbitisboolean",
                    "yearisdatetype",
                    "rewritebatchedstatements"),
            "mariadb",
            Set.of(
                    "user",
                    "usessl",
                    "sslmode",
                    "serversslcert",
                    "trustservercertificate",
                    "disablesslhostnameverification",
                    "enabledsslprotocolsuites",
                    "allowpublickeyretrieval",
                    "timezone",
                    "servertimezone",
                    "connectiontimezone",
                    "connecttimeout",
                    "sockettimeout",
                    "tcpkeepalive",
                    "usecompression",
                    "useserverprepstmts",
                    "usebulkstmts",
                    "tinyint1isbit",
                    "transformedbitisboolean",
                    "yearisdatetype"),
            "sqlserver",
            Set.of(
                    "user",
                    "username",
                    "domain",
                    "database",
                    "databasename",
                    "servername",
                    "server",
                    "instancename",
                    "port",
                    "portnumber",
                    "encrypt",
                    "trustservercertificate",
                    "hostnameincertificate",
                    "integratedsecurity",
                    "applicationname",
                    "applicationintent",
                    "multisubnetfailover",
                    "logintimeout",
                    "sockettimeout",
                    "querytimeout",
                    "packetsize",
                    "responsebuffering",
                    "selectmethod",
                    "sendstringparametersasunicode"),
            "oracle",
            Set.of("connect_timeout", "transport_connect_timeout", "retry_count", "retry_delay", "ssl_server_dn_match"),
            "h2",
            Set.of(
                    "user",
                    "ifexists",
                    "access_mode_data",
                    "mode",
                    "schema",
                    "lock_timeout",
                    "query_timeout",
                    "db_close_delay",
                    "database_to_upper",
                    "database_to_lower",
                    "case_insensitive_identifiers",
                    "non_keywords"),
            "sqlite",
            Set.of("mode", "cache", "immutable", "busy_timeout", "date_class", "date_precision", "date_string_format"),
            "duckdb",
            Set.of("threads", "memory_limit", "max_memory", "timezone"));

    // "md:", "postgres:" and their like make DuckDB load an extension; one letter is a drive of Windows.
    private static final Pattern DUCKDB_PREFIX = Pattern.compile("(?i)jdbc:duckdb:(?!:?memory:)[a-z0-9_+.-]{2,}:.*");
    // Other forms ask a directory service or a web address where to connect.
    private static final Pattern ORACLE_ADDRESS =
            Pattern.compile("(?i)jdbc:oracle:thin:@(//)?[\\w.-]+(:\\d+)?([:/][\\w.$#-]+)?");

    /** How the URLs of servers begin, of databases that otherwise run in the process that opens them. */
    private static final Map<String, List<String>> SERVERS = Map.of(
            "h2", List.of("jdbc:h2:tcp:", "jdbc:h2:ssl:"),
            "hsqldb", List.of("jdbc:hsqldb:hsql:", "jdbc:hsqldb:hsqls:"),
            "derby", List.of("jdbc:derby://"));

    private JdbcParameters() {}

    /**
     * Whether the database would run in this process, with an administrator who asks. DuckDB and SQLite do as well, but what
     * a query does there is kept to reading by other means.
     */
    public static boolean runsHere(JdbcUrl url) {
        List<String> servers = SERVERS.get(url.vendor());
        return servers != null && servers.stream().noneMatch(url.address()::startsWith);
    }

    /** Sentences for what a recipe may not write in the URL; the key that holds it is named first. */
    public static List<String> mistakes(String key, JdbcUrl url) {
        List<String> mistakes = new ArrayList<>();
        if (!url.isJdbc()) {
            mistakes.add(key + " is not a JDBC URL. Write it like jdbc:postgresql://host/database.");
            return mistakes;
        }
        if (!url.secrets().isEmpty()) {
            mistakes.add(key + " holds a password. Take it out of the URL and say where it is: password_env names an"
                    + " environment variable, password_file a file.");
        }
        address(key, url, mistakes);
        Set<String> harmless = HARMLESS.get(url.vendor());
        for (String name : url.parameters().keySet()) {
            if (secretNamed(name)) continue;
            if (harmless == null) {
                mistakes.add(key + " sets " + name + ". For the driver of " + url.vendor()
                        + " a recipe may set no parameters, because some load classes or run scripts. " + REMEDY);
            } else if (!harmless.contains(name.toLowerCase(Locale.ROOT))) {
                mistakes.add(key + " sets " + name + ", which a recipe may not: some parameters of "
                        + url.vendor() + " load classes or run scripts. It may set "
                        + String.join(", ", new TreeSet<>(harmless)) + ". " + REMEDY);
            }
        }
        return mistakes;
    }

    private static final String REMEDY = "For others, Java code can call Datasets.jdbc.";

    private static boolean secretNamed(String name) {
        return !new JdbcUrl("jdbc:x:?" + name + "=x").secrets().isEmpty();
    }

    private static void address(String key, JdbcUrl url, List<String> mistakes) {
        String address = url.address();
        if (url.vendor().equals("oracle")) {
            // A user is told apart from the address only behind the password that mistakes() complains about.
            if (url.secrets().isEmpty() && !ORACLE_ADDRESS.matcher(address).matches()) {
                mistakes.add(key + " has an address of Oracle that a recipe may not use. Write"
                        + " jdbc:oracle:thin:@//host:port/service.");
            }
        } else if (url.vendor().equals("duckdb")) {
            if (DUCKDB_PREFIX.matcher(address).matches()) {
                mistakes.add(key + " names a database for which DuckDB needs an extension. Name a DuckDB file:"
                        + " jdbc:duckdb:shop.duckdb.");
            }
        } else if (address.startsWith("jdbc:sqlite::resource:")) {
            mistakes.add(key + " names a resource. Name an SQLite file: jdbc:sqlite:shop.db.");
        } else if (address.matches(".*[();=?].*")) {
            mistakes.add(key + " sets parameters within the address. Write it like jdbc:" + url.vendor()
                    + "://host:port/database.");
        }
    }
}
