package dev.attune.data;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 over tagged, length-prefixed values, so that no two different tables write the same bytes. Strings go in as
 * UTF-16 units: unlike UTF-8 this also tells lone surrogates apart.
 */
final class ContentHash {
    private final MessageDigest digest;
    private final byte[] buffer = new byte[1 << 16];
    private int used;

    ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    ContentHash add(Dataset data) {
        integer(data.columns().size());
        data.columns().forEach(this::text);
        integer(data.size());
        for (int row = 0; row < data.size(); row++) {
            for (String column : data.columns()) value(data.value(row, column));
        }
        return this;
    }

    String hex() {
        flush();
        return HexFormat.of().formatHex(digest.digest());
    }

    private void value(@Nullable Object value) {
        if (value == null) {
            octet('n');
        } else if (value instanceof String s) {
            octet('s');
            text(s);
        } else if (value instanceof Long l) {
            octet('l');
            integer(l);
        } else if (value instanceof Double d) {
            octet('d');
            integer(Double.doubleToLongBits(d));
        } else if (value instanceof Boolean b) {
            octet(b ? 't' : 'f');
        } else if (value instanceof BigInteger i) {
            octet('i');
            text(i.toString());
        } else if (value instanceof byte[] bytes) {
            octet('b');
            integer(bytes.length);
            for (byte b : bytes) octet(b);
        } else if (value instanceof List<?> list) {
            octet('[');
            integer(list.size());
            list.forEach(this::value);
        } else if (value instanceof Map<?, ?> map) {
            octet('{');
            integer(map.size());
            map.forEach((key, item) -> {
                text((String) key);
                value(item);
            });
        } else {
            throw new AssertionError("not a value of a dataset: " + value.getClass());
        }
    }

    private void text(String s) {
        integer(s.length());
        for (int i = 0; i < s.length(); i++) {
            octet(s.charAt(i) >> 8);
            octet(s.charAt(i));
        }
    }

    private void integer(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) octet((int) (value >> shift));
    }

    private void octet(int value) {
        if (used == buffer.length) flush();
        buffer[used++] = (byte) value;
    }

    private void flush() {
        digest.update(buffer, 0, used);
        used = 0;
    }
}
