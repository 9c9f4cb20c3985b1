package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class IndicesTest {
    /** Made by {@code parity/make_freezing_golden.py}. */
    @Test
    void slicesAreThoseOfPython() {
        JsonNode slices = Golden.json(Golden.path("train/freezing-slices.json"));
        assertThat(slices).hasSizeGreaterThan(800);
        for (JsonNode slice : slices) {
            String text = slice.get(0).stringValue();
            int size = slice.get(1).intValue();
            assertThat(chosen(text, size)).as("%s of %d", text, size).isEqualTo(Golden.ints(slice.get(2)));
        }
    }

    @Test
    void numbersAndListsOfBoth() {
        assertThat(chosen("3", 12)).containsExactly(3);
        assertThat(chosen("-1", 12)).containsExactly(11);
        assertThat(chosen(" 0, 2:4 ,-1", 12)).containsExactly(0, 2, 3, 11);
        assertThat(chosen("12", 12)).isEmpty();
        assertThat(chosen("-13", 12)).isEmpty();
    }

    @Test
    void everythingElseIsRefused() {
        for (String text : new String[] {"", "a", "1.5", "1:2:3:4", "::0", "1,", ",", "12345678901", "1-2"}) {
            assertThat(Indices.parse(text)).as(text).isNull();
        }
    }

    private static int[] chosen(String text, int size) {
        Indices indices = Indices.parse(text);
        assertThat(indices).as(text).isNotNull();
        return IntStream.range(0, size).filter(i -> indices.selects(i, size)).toArray();
    }
}
