package dev.attune.data;

import dev.attune.error.DataException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of a zstd file, line by line through DuckDB, which has the decoder that Java lacks: a CSV table of one column
 * with neither separator nor quote is exactly the lines. Line ends become {@code \n}. Limits, both DuckDB's: a line has
 * at most 32 MiB, and a NUL character ends its line early.
 */
final class ZstdReader extends Reader {
    private static final String LINES =
            "SELECT line FROM read_csv(%s, columns = {'line': 'VARCHAR'}, delim = '', quote = '',"
                    + " escape = '', header = false, auto_detect = false, strict_mode = false, compression = 'zstd',"
                    + " max_line_size = 33554432)";
    private static final Pattern BAD_BYTES = Pattern.compile("CSV Error on Line: (\\d+).*not utf-8", Pattern.DOTALL);

    private final Connection connection;
    private final PreparedStatement statement;
    private final ResultSet result;
    private final String name;
    private String line = "";
    private int next;

    ZstdReader(Path file, String name) throws IOException {
        this.name = name;
        connection = DuckDb.connect("Reading " + name);
        try {
            statement = connection.prepareStatement(
                    LINES.formatted(DuckDb.literal(file.toAbsolutePath().toString())));
            result = statement.executeQuery();
        } catch (SQLException e) {
            close(connection);
            throw failed(e);
        }
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (next == line.length()) {
            try {
                if (!result.next()) return -1;
                String text = result.getString(1); // DuckDB gives an empty line as null
                line = text == null ? "\n" : text + "\n";
                next = 0;
            } catch (SQLException e) {
                throw failed(e);
            }
        }
        int count = Math.min(length, line.length() - next);
        line.getChars(next, next + count, target, offset);
        next += count;
        return count;
    }

    private IOException failed(SQLException e) {
        Matcher bad = BAD_BYTES.matcher(String.valueOf(e.getMessage()));
        if (bad.find()) {
            throw new DataException(
                    name + " line " + bad.group(1) + " is not UTF-8. Convert the file first, for example with "
                            + "iconv -f WINDOWS-1252 -t UTF-8.",
                    e);
        }
        return new IOException(Jdbc.firstPart(e), e);
    }

    @Override
    public void close() throws IOException {
        close(connection); // DuckDB ends the statement and the result with it
    }

    private static void close(Connection connection) throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IOException(Jdbc.firstPart(e), e);
        }
    }
}
