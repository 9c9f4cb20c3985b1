package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void requireListsAndSuggests() {
        Dataset data = table("text=a b", "target=1");
        assertThat(Columns.require(data, "text")).isEqualTo("text");
        assertThatThrownBy(() -> Columns.require(data, "label", List.of(List.of("label", "target"))))
                .isInstanceOf(DataException.class)
                .hasMessage("No column 'label' in train.csv; it has text, target. Did you mean \"target\"?");
        assertThatThrownBy(() -> Columns.require(data, "tetx")).hasMessageEndingWith("Did you mean \"text\"?");
        assertThatThrownBy(() -> Columns.require(data, "zebra")).hasMessageEndingWith("it has text, target.");
    }

    @Test
    void textMeansStringsOnly() {
        Dataset data = Datasets.of("x", List.of(Map.of("a", "s", "b", 1, "c", List.of())));
        assertThat(Columns.isText(data, "a")).isTrue();
        assertThat(Columns.isText(data, "b")).isFalse();
        assertThat(Columns.isText(data, "c")).isFalse();
    }

    /** One row of "column=value". */
    private static Dataset table(String... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (String cell : cells) row.put(cell.split("=")[0], cell.split("=")[1]);
        return Datasets.of("train.csv", List.of(row));
    }
}
