package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static final Dataset TEN = numbered(10);

    @Test
    void holdsColumnsAndRows() {
        Dataset data = Datasets.of("demo", List.of(row("text", "good", "label", 1), row("text", "bad", "label", 0)));
        assertThat(data.name()).isEqualTo("demo");
        assertThat(data.columns()).containsExactlyInAnyOrder("text", "label");
        assertThat(data.size()).isEqualTo(2);
        assertThat(data.value(1, "text")).isEqualTo("bad");
        assertThat(data.value(0, "label")).isEqualTo(1L);
        assertThat(data.where(1)).isEqualTo("row 2");
    }

    @Test
    void bringsValuesToFewTypes() {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("short", (short) 3);
        row.put("float", 0.5f);
        row.put("big", new BigInteger("123456789012345678901234567890"));
        row.put("numeric", new BigDecimal("7"));
        row.put("decimal", new BigDecimal("7.25"));
        row.put("array", new int[] {1, 2});
        row.put("words", new String[] {"a", "b"});
        row.put("nested", Map.of("start", List.of(4)));
        row.put("none", null);
        row.put("enum", Thread.State.NEW);
        Dataset data = Datasets.of("types", List.of(row));
        assertThat(data.value(0, "short")).isEqualTo(3L);
        assertThat(data.value(0, "float")).isEqualTo(0.5);
        assertThat(data.value(0, "big")).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(data.value(0, "numeric")).isEqualTo(7L);
        assertThat(data.value(0, "decimal")).isEqualTo(7.25);
        assertThat(data.value(0, "array")).isEqualTo(List.of(1L, 2L));
        assertThat(data.value(0, "words")).isEqualTo(List.of("a", "b"));
        assertThat(data.value(0, "nested")).isEqualTo(Map.of("start", List.of(4L)));
        assertThat(data.value(0, "none")).isNull();
        assertThat(data.value(0, "enum")).isEqualTo("NEW");
    }

    @Test
    void rowsMayHaveDifferentKeys() {
        Dataset data = Datasets.of("x", List.of(Map.of("a", "1"), Map.of("b", "2")));
        assertThat(data.columns()).containsExactly("a", "b");
        assertThat(data.value(0, "b")).isNull();
        assertThat(data.value(1, "a")).isNull();
        assertThat(data.value(1, "b")).isEqualTo("2");
    }

    @Test
    void noRowsIsAnError() {
        assertThatThrownBy(() -> Datasets.of("train", List.of()))
                .isInstanceOf(DataException.class)
                .hasMessage("train has no rows.");
    }

    @Test
    void unknownColumnAndRow() {
        assertThatThrownBy(() -> TEN.value(0, "txet"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("No column 'txet'")
                .hasMessageContaining("Did you mean \"text\"?");
        assertThatThrownBy(() -> TEN.value(10, "text")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> TEN.select(new int[] {10})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void selectionsKeepTheirPlace() {
        Dataset picked = TEN.select(new int[] {7, 2, 2}).select(new int[] {1, 0});
        assertThat(texts(picked)).containsExactly("t2", "t7");
        assertThat(picked.where(0)).isEqualTo("row 3");
        assertThat(picked.where(1)).isEqualTo("row 8");
        assertThat(TEN.select(new int[0]).size()).isZero();
    }

    @Test
    void splitsDeterministicallyAndCompletely() {
        Split split = TEN.split(0.25, 42);
        assertThat(split.validation().size()).isEqualTo(3);
        assertThat(split.train().size()).isEqualTo(7);
        List<String> all = new ArrayList<>(texts(split.train()));
        all.addAll(texts(split.validation()));
        assertThat(all).containsExactlyInAnyOrderElementsOf(texts(TEN));
        assertThat(texts(TEN.split(0.25, 42).train())).isEqualTo(texts(split.train()));
        assertThat(texts(TEN.split(0.25, 43).train())).isNotEqualTo(texts(split.train()));
        // torch.randperm(10) with seed 42 begins 2, 6, 1: a change here would silently change everybody's split
        assertThat(texts(split.validation())).containsExactly("t2", "t6", "t1");
    }

    @Test
    void bothSidesOfASplitHaveRows() {
        Dataset two = numbered(2);
        for (double fraction : new double[] {1e-9, 0.5, 0.999}) {
            assertThat(two.split(fraction, 1).train().size()).isEqualTo(1);
            assertThat(two.split(fraction, 1).validation().size()).isEqualTo(1);
        }
        assertThatThrownBy(() -> numbered(1).split(0.5, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("it has 1 row.");
        for (double fraction : new double[] {0, 1, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> TEN.split(fraction, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("between 0 and 1");
        }
    }

    @Test
    void hashIsThatOfTheContent() {
        Dataset data = Datasets.of("a", List.of(row("text", "x")));
        // the same bytes hashed with Python's hashlib
        assertThat(data.sha256())
                .isEqualTo(Datasets.of("other name", List.of(row("text", "x"))).sha256())
                .isEqualTo("7fed0af4bfff922203542e61f84c2992158f6b805da1d96aa00a3525e5fc62b6");
    }

    @Test
    void hashOfASelectionIsThatOfTheTableAndTheRows() {
        String all = TEN.sha256();
        assertThat(TEN.select(IntStream.range(0, 10).toArray()).sha256()).isEqualTo(all);
        assertThat(TEN.select(new int[] {1, 2}).sha256()).isNotEqualTo(all);
        assertThat(TEN.select(new int[] {3, 1, 2}).select(new int[] {1, 2}).sha256())
                .isEqualTo(TEN.select(new int[] {1, 2}).sha256());
        assertThat(TEN.select(new int[] {1}).sha256())
                .isNotEqualTo(numbered(9).select(new int[] {1}).sha256());
    }

    @Test
    void aColumnThatComesLateLeavesTheHash() {
        Dataset late = Datasets.of("a", List.of(row("a", "1"), row("a", "2", "b", "3")));
        Dataset early = Datasets.of("b", List.of(row("a", "1", "b", null), row("b", "3", "a", "2")));
        assertThat(early.sha256()).isEqualTo(late.sha256());
    }

    @Test
    void hashTellsContentsApart() {
        List<Object> values = new ArrayList<>(Arrays.asList(
                "1",
                1L,
                1.0,
                true,
                false,
                "",
                "null",
                List.of(),
                List.of("1"),
                Map.of(),
                Map.of("1", "1"),
                "\ud800",
                "?",
                new byte[] {1},
                new BigInteger("99999999999999999999")));
        values.add(null);
        List<String> hashes = new ArrayList<>();
        for (Object value : values)
            hashes.add(Datasets.of("v", List.of(row("c", value))).sha256());
        hashes.add(Datasets.of("v", List.of(row("d", "1"))).sha256());
        hashes.add(Datasets.of("v", List.of(row("c", "1"), row("c", "1"))).sha256());
        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(TEN.select(new int[] {1, 0}).sha256())
                .isNotEqualTo(TEN.select(new int[] {0, 1}).sha256());
    }

    static List<String> texts(Dataset data) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) texts.add((String) data.value(i, "text"));
        return texts;
    }

    private static Dataset numbered(int n) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) rows.add(row("text", "t" + i, "label", i % 2));
        return Datasets.of("numbered", rows);
    }

    private static Map<String, @Nullable Object> row(@Nullable Object... pairs) {
        Map<String, @Nullable Object> row = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) row.put((String) pairs[i], pairs[i + 1]);
        return row;
    }
}
