package dev.attune.data.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow. Whole numbers take as few bytes as they need: seven bits each, the lowest first (LEB128). */
public final class ByteWriter {
    private byte[] bytes;
    private int length;

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** What was written; valid up to {@link #length} and until the next write. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Forgets what was written after the first {@code shorter} bytes. */
    public void cut(int shorter) {
        length = shorter;
    }

    public void octet(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    /** A number that is not negative takes 1 to 9 bytes. */
    public void varint(long value) {
        reserve(10);
        while ((value & ~0x7FL) != 0) {
            bytes[length++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        bytes[length++] = (byte) value;
    }

    /** Eight bytes, the lowest first. */
    public void fixed(long value) {
        reserve(8);
        for (int i = 0; i < 8; i++) bytes[length++] = (byte) (value >> (8 * i));
    }

    public void add(byte[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** Text of which {@link Utf8#length} gave {@code count}. */
    public void utf8(String text, int count) {
        if (count == text.length()) {
            reserve(count);
            Utf8.ascii(text, bytes, length);
            length += count;
        } else {
            add(text.getBytes(StandardCharsets.UTF_8), 0, count);
        }
    }

    /** UTF-16 units, the low byte first. */
    public void utf16(String text) {
        reserve(2 * text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
            bytes[length++] = (byte) (text.charAt(i) >> 8);
        }
    }

    private void reserve(int count) {
        if (count <= bytes.length - length) return;
        int needed = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
    }
}
