package dev.attune.data.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote, from {@code at} up to {@code end}. Others may read the same buffer meanwhile. */
public final class ByteReader {
    private final ByteBuffer source;
    private final int end;
    private int at;

    public ByteReader(ByteBuffer source, int at, int end) {
        this.source = source;
        this.at = at;
        this.end = end;
    }

    public boolean atEnd() {
        return at >= end;
    }

    public int octet() {
        return source.get(at++) & 0xFF;
    }

    public long varint() {
        byte next = source.get(at++);
        if (next >= 0) return next;
        long value = next & 0x7F;
        for (int shift = 7; shift < 64; shift += 7) {
            next = source.get(at++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) return value;
        }
        throw new IndexOutOfBoundsException("a number has no end at byte " + at);
    }

    /** A {@link #varint} that is a count of bytes or items of this record. */
    public int count() {
        long count = varint();
        if (count < 0 || count > Integer.MAX_VALUE) throw new IndexOutOfBoundsException("a count of " + count);
        return (int) count;
    }

    /** {@code count}, if that many items of at least {@code bytes} bytes can follow. */
    public int items(int count, int bytes) {
        if (count > (end - at) / bytes) throw new IndexOutOfBoundsException(count + " items at byte " + at);
        return count;
    }

    public long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) value |= (long) octet() << (8 * i);
        return value;
    }

    public void skip(int count) {
        at += count;
    }

    /** A reader of the next {@code count} bytes, which this one then has behind it. */
    public ByteReader part(int count) {
        ByteReader part = new ByteReader(source, at, within(count));
        at += count;
        return part;
    }

    public byte[] bytes(int count) {
        byte[] bytes = new byte[within(count) - at];
        source.get(at, bytes);
        at += count;
        return bytes;
    }

    public String utf8(int count) {
        if (!source.hasArray()) return new String(bytes(count), StandardCharsets.UTF_8);
        String text = new String(source.array(), source.arrayOffset() + at, within(count) - at, StandardCharsets.UTF_8);
        at += count;
        return text;
    }

    public String utf16(int count) {
        char[] units = new char[(within(count) - at) / 2];
        for (int i = 0; i < units.length; i++) units[i] = (char) (octet() | octet() << 8);
        return new String(units); // a decoder would replace what is not a pair
    }

    /** Where {@code count} more bytes end. A damaged file must not make us ask for gigabytes. */
    private int within(int count) {
        if (count < 0 || count > end - at) {
            throw new IndexOutOfBoundsException(count + " bytes at " + at + ", but the record ends at " + end);
        }
        return at + count;
    }
}
