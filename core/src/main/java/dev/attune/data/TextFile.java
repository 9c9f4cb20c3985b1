package dev.attune.data;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Opens text files of any supported compression, and reads the simplest kind: one text per line. */
final class TextFile {
    private static final List<String> TEXT = List.of("text");

    private TextFile() {}

    /** As {@link #open}, for who reads whole lines: one that would fill the memory raises a DataException. */
    static BufferedReader openLines(Path file, String name, FileType.Compression compression) throws IOException {
        return open(file, name, compression, Utf8Reader.LONGEST_LINE);
    }

    /** The characters of the file, without a byte-order mark; bytes that are not UTF-8 raise a DataException. */
    static BufferedReader open(Path file, String name, FileType.Compression compression) throws IOException {
        return open(file, name, compression, Long.MAX_VALUE);
    }

    private static BufferedReader open(Path file, String name, FileType.Compression compression, long longestLine)
            throws IOException {
        InputStream bytes = switch (compression) {
            case NONE -> Files.newInputStream(file);
            case GZIP -> gunzip(file);
            case ZSTD -> unzstd(file);
        };
        BufferedReader characters = new BufferedReader(new Utf8Reader(bytes, name, longestLine), 1 << 16);
        try {
            characters.mark(1);
            if (characters.read() != '\uFEFF') characters.reset();
            return characters;
        } catch (IOException | RuntimeException e) {
            characters.close(); // zstd holds memory outside the heap
            throw e;
        }
    }

    private static InputStream gunzip(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            return new GZIPInputStream(raw, 1 << 16);
        } catch (IOException e) {
            raw.close();
            throw new IOException("it is damaged or not gzip (" + e.getMessage() + ")", e);
        }
    }

    private static InputStream unzstd(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            return new ZstdInputStreamNoFinalizer(raw);
        } catch (LinkageError e) {
            raw.close();
            throw new IOException(
                    "the zstd library does not load on this machine. Unpack the file first (zstd -d).", e);
        }
    }

    /** Column {@code text}, one row per line, empty lines too: they may separate documents. */
    static void readLines(Path file, String name, FileType type, TableBuilder table) throws IOException {
        table.columns(TEXT, name);
        table.place(name + " line ");
        int number = 0;
        try (BufferedReader lines = openLines(file, name, type.compression())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                table.row(TEXT, List.of(line), ++number);
            }
        }
    }
}
