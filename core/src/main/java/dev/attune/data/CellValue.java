package dev.attune.data;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings what callers, drivers and parsers hand over to the few types a {@link Dataset} holds. */
final class CellValue {
    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private CellValue() {}

    /**
     * The value as {@link Dataset} promises it; types without a counterpart (dates, UUIDs, enums) become their text.
     */
    static @Nullable Object of(@Nullable Object raw) throws SQLException {
        if (raw == null || raw instanceof String || raw instanceof Long || raw instanceof Boolean) return raw;
        if (raw instanceof Number number) return number(number);
        if (raw instanceof byte[] bytes) return bytes.clone();
        if (raw instanceof Clob clob) return clob.getSubString(1, Math.toIntExact(clob.length()));
        if (raw instanceof Blob blob) return blob.getBytes(1, Math.toIntExact(blob.length()));
        if (raw instanceof java.sql.Array array) return of(array.getArray());
        if (raw instanceof Struct struct) return of(struct.getAttributes());
        if (raw instanceof Map<?, ?> map) return map(map);
        if (raw instanceof Collection<?> items) return list(items);
        if (raw.getClass().isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            for (int i = 0; i < Array.getLength(raw); i++) items.add(Array.get(raw, i));
            return list(items);
        }
        return raw.toString();
    }

    private static Object number(Number number) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) return number.longValue();
        if (number instanceof Double || number instanceof Float) return number.doubleValue();
        if (number instanceof BigInteger big) return fits(big) ? (Object) big.longValue() : big;
        if (number instanceof BigDecimal decimal) {
            // Oracle and PostgreSQL report whole numbers of type NUMERIC this way; a class id must stay an integer.
            return decimal.scale() <= 0 ? number(decimal.toBigInteger()) : decimal.doubleValue();
        }
        return number.doubleValue();
    }

    private static boolean fits(BigInteger big) {
        return big.compareTo(MIN) >= 0 && big.compareTo(MAX) <= 0;
    }

    private static List<@Nullable Object> list(Collection<?> items) throws SQLException {
        List<@Nullable Object> copy = new ArrayList<>(items.size());
        for (Object item : items) copy.add(of(item));
        return Collections.unmodifiableList(copy);
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> entries) throws SQLException {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : entries.entrySet()) copy.put(String.valueOf(entry.getKey()), of(entry.getValue()));
        return Collections.unmodifiableMap(copy);
    }
}
