package dev.attune.data;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.io.AtomicFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows into a Parquet file through DuckDB. A column has the type of its value in the first row: texts, numbers,
 * booleans, and lists of them at any depth; {@link Float} is 32 bits wide. Objects are JSON. Memory does not grow with the
 * rows: they wait as JSON beside the target, which {@link #commit} replaces as a whole; without it nothing happens to it.
 * One thread only.
 */
public final class ParquetWriter implements AutoCloseable {
    /** What DuckDB takes without being asked for more. */
    private static final long USUAL_LINE = 16 << 20;

    private final Path target;
    private final Path waiting;
    private final Path made;
    private final Connection connection;
    private final BufferedWriter lines;
    private final Map<String, String> types = new LinkedHashMap<>();
    private long longest;

    /**
     * @param target the file to write; see {@link AtomicFiles#writeOutput}
     * @throws ConfigException if there is no DuckDB, or its folder cannot be written
     */
    public ParquetWriter(Path target) {
        this.target = target;
        Path folder = target.toAbsolutePath().getParent();
        String name = "." + target.getFileName() + "." + UUID.randomUUID();
        waiting = folder.resolve(name + ".jsonl.tmp");
        made = folder.resolve(name + ".parquet.tmp");
        connection = DuckDb.connect("Writing Parquet");
        try {
            Files.createDirectories(folder);
            lines = Files.newBufferedWriter(waiting);
        } catch (IOException e) {
            closeConnection();
            throw failed(e);
        }
    }

    /** Adds a row, with the columns of the first one. */
    public void write(Map<String, ?> row) {
        if (types.isEmpty()) row.forEach((name, value) -> types.put(name, type(value)));
        try {
            String line = Json.MAPPER.writeValueAsString(row);
            longest = Math.max(longest, line.length());
            lines.write(line);
            lines.write('\n');
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String type(@Nullable Object value) {
        if (value instanceof Float) return "FLOAT";
        if (value instanceof Double) return "DOUBLE";
        if (value instanceof Long || value instanceof Integer) return "BIGINT";
        if (value instanceof Boolean) return "BOOLEAN";
        if (value instanceof List<?> list) {
            String element = list.isEmpty() ? "JSON" : type(list.get(0));
            return element.equals("JSON") ? element : element + "[]";
        }
        return value instanceof String ? "VARCHAR" : "JSON";
    }

    /**
     * Puts the file in its place.
     *
     * @throws DataException if there are no rows: then nobody knows the columns
     */
    public void commit() {
        if (types.isEmpty()) throw new DataException("There are no rows, so " + target + " was not written.");
        String columns = types.entrySet().stream()
                .map(each -> DuckDb.literal(each.getKey()) + ": " + DuckDb.literal(each.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        long largest = Math.max(USUAL_LINE, 4 * longest); // bytes of UTF-8
        String sql = "COPY (SELECT * FROM read_json(" + DuckDb.literal(waiting.toString())
                + ", format = 'newline_delimited', columns = " + columns + ", maximum_object_size = " + largest
                + ")) TO " + DuckDb.literal(made.toString()) + " (FORMAT parquet)";
        try (Statement statement = connection.createStatement()) {
            lines.close();
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ConfigException("Cannot write " + target + ": " + Jdbc.firstPart(e), e);
        } catch (IOException e) {
            throw failed(e);
        }
        AtomicFiles.writeOutput(target, out -> Files.copy(made, out));
    }

    private ConfigException failed(IOException e) {
        return new ConfigException(
                "Cannot write " + target + ": " + e.getMessage() + ". Check free space and the rights of the folder.",
                e);
    }

    @Override
    public void close() {
        closeConnection();
        try {
            lines.close();
            Files.deleteIfExists(waiting);
            Files.deleteIfExists(made);
        } catch (IOException leftOver) {
            // a temporary file that stays harms nobody, and what matters has been thrown
        }
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (SQLException e) {
            // a database in memory, with nothing in it
        }
    }
}
