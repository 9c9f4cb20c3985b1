package dev.attune.data.store;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a value of a {@link Dataset}: a varint of its type (four bits) and length, then as many bytes. Equal
 * values have equal bytes, so the content hash is taken over them: a change here changes the hash of everybody's data.
 */
public final class Cell {
    private static final int NULL = 0;
    private static final int UTF_8 = 1;
    private static final int UTF_16 = 2; // half a surrogate pair has no form in UTF-8
    private static final int LONG = 3;
    private static final int DOUBLE = 4;
    private static final int TRUE = 5;
    private static final int FALSE = 6;
    private static final int INTEGER = 7;
    private static final int BYTES = 8;
    private static final int LIST = 9;
    private static final int MAP = 10;

    private Cell() {}

    public static void write(@Nullable Object value, ByteWriter out) {
        if (value == null) {
            out.octet(NULL);
        } else if (value instanceof String text) {
            text(text, out);
        } else if (value instanceof Long number) {
            out.octet(LONG);
            out.fixed(number);
        } else if (value instanceof Double number) {
            out.octet(DOUBLE);
            out.fixed(Double.doubleToLongBits(number));
        } else if (value instanceof Boolean truth) {
            out.octet(truth ? TRUE : FALSE);
        } else if (value instanceof BigInteger number) {
            bytes(INTEGER, number.toByteArray(), out);
        } else if (value instanceof byte[] bytes) {
            bytes(BYTES, bytes, out);
        } else if (value instanceof List<?> list) {
            ByteWriter items = new ByteWriter(64);
            for (Object item : list) write(item, items);
            header(LIST, items.length(), out);
            out.add(items.bytes(), 0, items.length());
        } else if (value instanceof Map<?, ?> map) {
            ByteWriter items = new ByteWriter(64);
            map.forEach((key, item) -> {
                write(key, items);
                write(item, items);
            });
            header(MAP, items.length(), out);
            out.add(items.bytes(), 0, items.length());
        } else {
            throw new AssertionError("not a value of a dataset: " + value.getClass());
        }
    }

    public static @Nullable Object read(ByteReader in) {
        long header = in.varint();
        int length = length(header);
        return switch ((int) header & 15) {
            case NULL -> null;
            case UTF_8 -> in.utf8(length);
            case UTF_16 -> in.utf16(length);
            case LONG -> in.fixed();
            case DOUBLE -> Double.longBitsToDouble(in.fixed());
            case TRUE -> true;
            case FALSE -> false;
            case INTEGER -> new BigInteger(in.bytes(length));
            case BYTES -> in.bytes(length);
            case LIST -> list(in.part(length));
            case MAP -> map(in.part(length));
            default -> throw new IndexOutOfBoundsException("there is no type " + (header & 15));
        };
    }

    public static void skip(ByteReader in) {
        long header = in.varint();
        int type = (int) header & 15;
        in.skip(type == LONG || type == DOUBLE ? 8 : length(header));
    }

    private static int length(long header) {
        long length = header >>> 4;
        if (length > Integer.MAX_VALUE) throw new IndexOutOfBoundsException("a cell of " + length + " bytes");
        return (int) length;
    }

    private static void header(int type, int length, ByteWriter out) {
        out.varint((long) length << 4 | type);
    }

    private static void text(String text, ByteWriter out) {
        int length = Utf8.length(text);
        if (length >= 0) {
            header(UTF_8, length, out);
            out.utf8(text, length);
        } else {
            header(UTF_16, 2 * text.length(), out);
            out.utf16(text);
        }
    }

    private static void bytes(int type, byte[] bytes, ByteWriter out) {
        header(type, bytes.length, out);
        out.add(bytes, 0, bytes.length);
    }

    private static List<@Nullable Object> list(ByteReader in) {
        List<@Nullable Object> items = new ArrayList<>();
        while (!in.atEnd()) items.add(read(in));
        return Collections.unmodifiableList(items);
    }

    private static Map<String, @Nullable Object> map(ByteReader in) {
        Map<String, @Nullable Object> items = new LinkedHashMap<>();
        while (!in.atEnd()) items.put((String) read(in), read(in));
        return Collections.unmodifiableMap(items);
    }
}
