package dev.attune.data.sql;

import dev.attune.error.DataException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.Statements;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.WithItem;

/**
 * Lets exactly one query that only reads through to a database other than DuckDB, before anything is sent. A read-only
 * transaction alone stops neither {@code SELECT 1; COMMIT; DELETE …} nor PostgreSQL's {@code COPY … TO PROGRAM}.
 *
 * <p>A parser (JSqlParser) has to find one SELECT. It is not the database's own parser, so what the two could read
 * differently is refused first ({@link SqlText#doubt()}), and the text is sent without comments. No parser sees what a
 * function does: the account that asks should have no right to write.
 */
public final class SqlSelect {
    private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE", "FROM", "(");
    private static final Set<String> CHANGES = Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "UPSERT");
    private static final Set<String> LOCKS = Set.of("UPDATE", "SHARE", "NO", "KEY");
    // Here one statement ends where the next begins, without a semicolon: SELECT 1 DELETE FROM t.
    private static final Set<String> SEMICOLON_ENDS =
            Set.of("postgresql", "mysql", "mariadb", "oracle", "h2", "sqlite", "db2", "derby", "hsqldb");
    private static final Set<String> BEGINNINGS = Set.of(
            "ALTER",
            "BACKUP",
            "BEGIN",
            "BULK",
            "CHECKPOINT",
            "COMMIT",
            "CREATE",
            "DBCC",
            "DEALLOCATE",
            "DECLARE",
            "DELETE",
            "DENY",
            "DROP",
            "EXEC",
            "EXECUTE",
            "GOTO",
            "GRANT",
            "IF",
            "INSERT",
            "KILL",
            "PRINT",
            "RAISERROR",
            "READTEXT",
            "RECONFIGURE",
            "RESTORE",
            "RETURN",
            "REVERT",
            "REVOKE",
            "ROLLBACK",
            "SAVE",
            "SET",
            "SETUSER",
            "SHUTDOWN",
            "THROW",
            "TRUNCATE",
            "UPDATE",
            "UPDATETEXT",
            "USE",
            "WAITFOR",
            "WHILE",
            "WRITETEXT");

    /**
     * Functions that write files or run SQL elsewhere, of H2, PostgreSQL, SQLite and SQL Server. The list cannot be complete:
     * extensions bring others, and the database's own functions may call these.
     */
    private static final String WRITING = String.join(
            "|",
            "file_write",
            "csvwrite",
            "link_schema",
            "lo_import",
            "lo_export",
            "dblink(?:_\\w+)?",
            "pg_file_write",
            "pg_file_rename",
            "pg_file_unlink",
            "load_extension",
            "writefile",
            "openquery",
            "openrowset",
            "opendatasource");
    // A call, also by a quoted name; texts and other quoted names are stepped over.
    private static final Pattern CALL = Pattern.compile(
            "'[^']*+'|(?<![\\p{L}\\p{N}_$])[\"`\\[]?(" + WRITING + ")[\"`\\]]?\\s*\\(|\"[^\"]*+\"|`[^`]*+`",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private SqlSelect() {}

    /**
     * The text to send.
     *
     * @throws DataException if the text is anything but one query that only reads
     */
    public static String check(String sql, String vendor) {
        SqlText text = new SqlText(sql, vendor);
        List<List<String>> statements = text.statements();
        if (statements.isEmpty()) throw new DataException("The query is empty. Write one SELECT.");
        if (statements.size() > 1) throw DuckDbSelect.tooMany(statements, sql);
        List<String> words = statements.get(0);
        if (!QUERIES.contains(words.get(0))) throw reads("this one begins with " + words.get(0), sql);
        if (text.doubt() != null) {
            throw new DataException("The query holds " + text.doubt()
                    + ", which databases read in different ways, so it cannot be checked that it only reads."
                    + " Write it without, or make a view in the database and select from that."
                    + DuckDbSelect.query(sql));
        }
        checkWords(words, sql);
        if (!SEMICOLON_ENDS.contains(vendor)) {
            for (String word : words) {
                if (BEGINNINGS.contains(word)) {
                    throw reads("this one holds " + word + " (if it is the name of a column, quote it)", sql);
                }
            }
        }
        String plain = text.plain();
        checkCalls(plain, sql);
        checkParsed(parse(plain, vendor, sql), sql);
        return plain;
    }

    /** What no query that only reads has outside its quotes, also where the parser has no name for it. */
    private static void checkWords(List<String> words, String sql) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String before = i == 0 ? "" : words.get(i - 1);
            String after = i + 1 < words.size() ? words.get(i + 1) : "";
            if (word.equals("INTO")) throw reads("this one has INTO", sql);
            if (word.equals("FOR") && LOCKS.contains(after))
                throw reads("this one locks rows (FOR " + after + ")", sql);
            if (word.equals("SHARE") && before.equals("IN") && after.equals("MODE")) {
                throw reads("this one locks rows (LOCK IN SHARE MODE)", sql);
            }
            if (word.equals("FOR") && before.equals("VALUE")) {
                throw reads("this one advances a sequence (NEXT VALUE FOR)", sql);
            }
            boolean begins = before.equals("(") || before.equals(")");
            if (CHANGES.contains(word) && begins && !after.equals("(")) throw reads("this one holds " + word, sql);
        }
    }

    private static void checkCalls(String plain, String sql) {
        Matcher call = CALL.matcher(plain);
        while (call.find()) {
            if (call.group(1) != null)
                throw reads("this one calls " + call.group(1).toLowerCase(Locale.ROOT), sql);
        }
    }

    private static Statement parse(String plain, String vendor, String sql) {
        try {
            Statements parsed = CCJSqlParserUtil.parseStatements(
                    plain, parser -> parser.withSquareBracketQuotation(SqlText.BRACKETS_QUOTE.contains(vendor)));
            if (parsed.size() != 1) throw DuckDbSelect.tooMany(new SqlText(sql, vendor).statements(), sql);
            return parsed.get(0);
        } catch (JSQLParserException e) {
            throw new DataException(
                    "The query cannot be checked: it is no SELECT that the SQL parser knows" + near(e, plain)
                            + ". If the database takes it, make a view of it there and select from the view."
                            + DuckDbSelect.query(sql),
                    e);
        }
    }

    private static String near(JSQLParserException e, String plain) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Matcher place = PLACE.matcher(String.valueOf(cause.getMessage()));
            if (!place.find()) continue;
            int line = Integer.parseInt(place.group(1));
            List<String> lines = plain.lines().toList();
            if (line > lines.size()) return "";
            String text = lines.get(line - 1);
            String rest = text.substring(Math.min(text.length(), Integer.parseInt(place.group(2)) - 1));
            return rest.isBlank()
                    ? " (line " + line + ")"
                    : " (line " + line + ", near " + rest.split("\\s", 2)[0] + ")";
        }
        return "";
    }

    private static void checkParsed(Statement statement, String sql) {
        if (!(statement instanceof Select select)) {
            throw reads("this one is " + statement.getClass().getSimpleName().toUpperCase(Locale.ROOT), sql);
        }
        List<WithItem<?>> items = select.getWithItemsList() == null ? List.of() : select.getWithItemsList();
        for (WithItem<?> item : items) {
            if (item.getWithFunctionDeclaration() != null) throw reads("this one declares a function", sql);
            checkParsed(item.getParenthesedStatement(), sql);
        }
        if (select.getForMode() != null || select.getForUpdate() != null) throw reads("this one locks rows", sql);
        if (select instanceof PlainSelect plain) {
            boolean into = plain.getIntoTables() != null
                    || plain.getIntoTempTable() != null
                    || plain.getMySqlSelectIntoClause() != null;
            if (into) throw reads("this one has INTO", sql);
            if (plain.getMySqlProcedureAnalyse() != null) throw reads("this one calls a procedure", sql);
        }
        if (select instanceof ParenthesedSelect inner) checkParsed(inner.getSelect(), sql);
        if (select instanceof SetOperationList parts) {
            for (Select part : parts.getSelects()) checkParsed(part, sql);
        }
    }

    private static DataException reads(String but, String sql) {
        return new DataException(
                "A data query only reads: it is one SELECT, but " + but + "." + DuckDbSelect.query(sql));
    }
}
