package dev.attune.data;

import dev.attune.error.DataException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of a delimited text file (RFC 4180), with the line each starts on. An unquoted empty field is null, {@code
 * ""} is empty text. With a tab as separator a quote counts only if it encloses the whole field on one line.
 *
 * <p>Why not FastCSV: of a broken quote it knows only the line on which the record starts, which may be pages before the
 * quote, and not the field, so it cannot say what to mend. In 800,000 random texts of up to eight characters version 4.4.0
 * agreed otherwise; it takes 0.09 s for a million rows where this takes 0.10 s.
 */
final class CsvReader {
    private static final int END = -1;

    private final Reader source;
    private final String name;
    private final char separator;
    private final char[] buffer = new char[1 << 14]; // a locked call per character would cost more than the parsing
    private int next;
    private int filled;
    private final StringBuilder field = new StringBuilder();
    private int position = 1; // line of the next character
    private int recordLine;

    CsvReader(Reader source, String name, char separator) {
        this.source = source;
        this.name = name;
        this.separator = separator;
    }

    /** The line on which the last record started, from 1. */
    int line() {
        return recordLine;
    }

    /** The next record, or null at the end of the file. A blank line is a record of one null. */
    @Nullable
    List<@Nullable String> next() throws IOException {
        recordLine = position;
        int c = read();
        if (c == END) return null;
        List<@Nullable String> record = new ArrayList<>();
        while (true) {
            if (c == '"' && separator != '\t') {
                c = quoted();
                record.add(field.toString());
            } else {
                field.setLength(0);
                for (; c != separator && c != '\n' && c != END; c = read()) {
                    field.append((char) c);
                    appendUpTo(separator);
                }
                record.add(unquoted());
            }
            if (c != separator) return record;
            c = read();
        }
    }

    /** Reads a quoted field after its opening quote; returns what follows it. */
    private int quoted() throws IOException {
        int opened = position;
        field.setLength(0);
        while (true) {
            int c = read();
            if (c == END) {
                throw new DataException(name + " line " + opened + ": a quote is opened and never closed. "
                        + "Close it, or write a quote inside a quoted field twice (\"\").");
            }
            if (c != '"') {
                field.append((char) c);
                appendUpTo('"');
                if (field.length() > Utf8Reader.LONGEST_LINE) throw endless(opened);
                continue;
            }
            c = read();
            if (c == separator || c == '\n' || c == END) return c;
            if (c != '"') {
                throw new DataException(
                        name + " line " + position + ": '" + (char) c + "' follows the closing quote of a field"
                                + (field.indexOf("\\") >= 0 ? " (a backslash does not protect a quote in CSV)." : ".")
                                + " Write a quote inside a quoted field twice (\"\").");
            }
            field.append('"');
        }
    }

    /** With a quote too many a field takes in all that follows. */
    private DataException endless(int opened) {
        return new DataException(
                name + " line " + opened + ": a quote is opened, and its field has more than " + Utf8Reader.LONGEST_LINE
                        + " characters. Close it, or write a quote inside a quoted field twice (\"\").");
    }

    private @Nullable String unquoted() {
        int length = field.length();
        if (length == 0) return null;
        if (separator != '\t' || length < 2 || field.charAt(0) != '"' || field.charAt(length - 1) != '"') {
            return field.toString();
        }
        String inner = field.substring(1, length - 1);
        String single = inner.replace("\"\"", "");
        return single.indexOf('"') >= 0 ? field.toString() : inner.replace("\"\"", "\"");
    }

    /** The next character; each kind of line end outside and inside quotes arrives as one {@code \n}. */
    private int read() throws IOException {
        if (next == filled && !fill()) return END;
        char c = buffer[next++];
        if (c == '\r') {
            if ((next < filled || fill()) && buffer[next] == '\n') next++;
            c = '\n';
        }
        if (c == '\n') position++;
        return c;
    }

    /** Most of a field in one piece: what is in the buffer before {@code stop} or the end of the line. */
    private void appendUpTo(char stop) {
        int start = next;
        while (next < filled && buffer[next] != stop && buffer[next] != '\n' && buffer[next] != '\r') next++;
        field.append(buffer, start, next - start);
    }

    private boolean fill() throws IOException {
        filled = Math.max(0, source.read(buffer));
        next = 0;
        return filled > 0;
    }
}
