package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows with values of every type that a data set may hold, from a seed. */
record RandomTable(long seed, List<String> columns, List<Map<String, @Nullable Object>> rows) {
    static RandomTable of(long seed, int rows) {
        System.err.println("random table of seed " + seed);
        Random random = new Random(seed);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) columns.add("c" + i + text(random));
        List<Map<String, @Nullable Object>> table = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (String column : columns) row.put(column, value(random, 0));
            table.add(row);
        }
        return new RandomTable(seed, columns, table);
    }

    void addTo(TableBuilder table) {
        table.columns(columns, "random");
        for (int i = 0; i < rows.size(); i++) {
            List<@Nullable Object> values = new ArrayList<>(rows.get(i).values());
            table.row(columns, values, i + 1);
        }
    }

    void assertEqual(Dataset data) {
        assertThat(data.columns()).isEqualTo(columns);
        assertThat(data.size()).isEqualTo(rows.size());
        for (int i = 0; i < rows.size(); i++) assertRow(data, i, i);
    }

    /** Row {@code row} of {@code data} is row {@code expected} of this table. */
    void assertRow(Dataset data, int row, int expected) {
        for (String column : columns) {
            assertThat(data.value(row, column))
                    .as("row %d, column %s, seed %d", row, column, seed)
                    .isEqualTo(rows.get(expected).get(column));
        }
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 13 : 10)) {
            case 0 -> null;
            case 1 -> "";
            case 2, 3 -> text(random);
            case 4 -> text(random) + "\ud800" + text(random);
            case 5 -> random.nextLong() >> random.nextInt(64);
            case 6 -> random.nextBoolean() ? Double.longBitsToDouble(random.nextLong()) : random.nextGaussian();
            case 7 -> random.nextBoolean();
            case 8 -> new BigInteger(200, random).negate();
            case 9 -> {
                if (depth > 0) yield 7L; // lists compare arrays by identity
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case 10 -> text(random).repeat(random.nextInt(100));
            case 11 -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) list.add(value(random, depth + 2));
                yield list;
            }
            default -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) map.put(text(random), value(random, depth + 2));
                yield map;
            }
        };
    }

    private static String text(Random random) {
        int length = random.nextInt(30);
        StringBuilder text = new StringBuilder();
        int kinds = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(kinds)) {
                case 0 -> text.append((char) ('a' + random.nextInt(26)));
                case 1 -> text.append((char) (0xA0 + random.nextInt(0x600)));
                case 2 -> text.append((char) (0x4E00 + random.nextInt(1000)));
                default -> text.appendCodePoint(0x1F600 + random.nextInt(50));
            }
        }
        return text.toString();
    }
}
