package dev.attune.data;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import dev.attune.error.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.ZipException;

/** Strict UTF-8. Java's own readers replace bad bytes silently, and a model would then train on the replacements. */
final class Utf8Reader extends Reader {
    /** Characters of a line that fit into the memory of an ordinary machine; a small compressed file may have more. */
    static final long LONGEST_LINE = 1 << 26;

    private final InputStream source;
    private final String name;
    private final long longestLine;
    private long lineLength; // so far
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
    private long bytesBefore; // of the file, before bytes[0]
    private long lines;
    private char secondHalf; // read already, waits for the next call
    private boolean hasSecondHalf;
    private boolean end;

    /** @param longestLine most characters of a line; more raise a DataException */
    Utf8Reader(InputStream source, String name, long longestLine) {
        this.source = source;
        this.name = name;
        this.longestLine = longestLine;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (length == 1) return readOne(target, offset);
        if (hasSecondHalf) {
            target[offset] = secondHalf;
            hasSecondHalf = false;
            return 1;
        }
        CharBuffer chars = CharBuffer.wrap(target, offset, length).slice(); // sliced: positions count from offset
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, end);
            if (result.isError()) {
                countLines(target, offset, chars.position());
                throw malformed(result.length());
            }
            if (chars.position() > 0) {
                countLines(target, offset, chars.position());
                return chars.position();
            }
            if (end) return -1;
            fill();
        }
    }

    /** A surrogate pair needs two places, and the decoder makes none of it if there is only one. */
    private int readOne(char[] target, int offset) throws IOException {
        if (hasSecondHalf) {
            target[offset] = secondHalf;
            hasSecondHalf = false;
            return 1;
        }
        char[] pair = new char[2];
        int count = read(pair, 0, 2);
        if (count < 1) return count;
        target[offset] = pair[0];
        hasSecondHalf = count == 2;
        secondHalf = pair[1];
        return 1;
    }

    private void fill() throws IOException {
        bytesBefore += bytes.position();
        bytes.compact();
        int read;
        try {
            read = source.read(bytes.array(), bytes.position(), bytes.remaining());
        } catch (ZstdIOException e) {
            String what = e.getErrorCode() == Zstd.errPrefixUnknown()
                    ? "it is damaged or not zstd ("
                    : "the compressed data is damaged or cut off (";
            throw new IOException(what + e.getMessage() + ")", e);
        } catch (ZipException | EOFException e) {
            throw new IOException("the compressed data is damaged or cut off (" + e.getMessage() + ")", e);
        }
        if (read < 0) end = true;
        else bytes.position(bytes.position() + read);
        bytes.flip();
    }

    private void countLines(char[] chars, int offset, int count) {
        int start = offset;
        for (int i = offset; i < offset + count; i++) {
            if (chars[i] == '\n') lines++;
            if (chars[i] != '\n' && chars[i] != '\r') continue;
            lineLength = 0;
            start = i + 1;
        }
        lineLength += offset + count - start;
        if (lineLength <= longestLine) return;
        throw new DataException(name + " line " + (lines + 1) + " has more than " + longestLine
                + " characters. If the file is damaged, make it again; else divide the line.");
    }

    private DataException malformed(int length) {
        long offset = bytesBefore + bytes.position();
        int first = bytes.get(bytes.position()) & 0xFF;
        if (offset == 0 && (first == 0xFF || first == 0xFE)) {
            return new DataException(name + " is UTF-16, not UTF-8. Save it as UTF-8"
                    + " (iconv -f UTF-16 -t UTF-8), and read that file.");
        }
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < length; i++) {
            hex.append(String.format(Locale.ROOT, " 0x%02X", bytes.get(bytes.position() + i)));
        }
        return new DataException(name + " line " + (lines + 1) + " is not UTF-8: byte" + hex + " at offset " + offset
                + ". Convert the file first, for example with iconv -f WINDOWS-1252 -t UTF-8.");
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
