package dev.attune.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KEYS = List.of("learning_rate", "weight_decay", "warmup_steps", "seed", "bf16");

    @ParameterizedTest
    @CsvSource({
        "learning_rat, learning_rate",
        "learnign_rate, learning_rate",
        "Learning-Rate, learning_rate",
        "weightdecay, weight_decay",
        "sede, seed",
        "bf6, bf16",
    })
    void suggestsTheNearest(String typed, String expected) {
        assertThat(Suggestion.nearest(typed, KEYS)).contains(expected);
        assertThat(Suggestion.didYouMean(typed, KEYS)).isEqualTo(" Did you mean \"" + expected + "\"?");
    }

    @ParameterizedTest
    @CsvSource({"banana", "x", "gradient_clipping", "''"})
    void saysNothingIfNothingIsNear(String typed) {
        assertThat(Suggestion.nearest(typed, KEYS)).isEmpty();
        assertThat(Suggestion.didYouMean(typed, KEYS)).isEmpty();
        assertThat(Suggestion.didYouMean(typed, List.of())).isEmpty();
    }

    @Test
    void equallyNearNamesGoByTheAlphabet() {
        assertThat(Suggestion.nearest("cat", List.of("rat", "bat", "hat"))).contains("bat");
    }

    @ParameterizedTest
    @CsvSource({
        "abc,abc,0",
        "abc,acb,1",
        "abc,ab,1",
        "abc,abcd,1",
        "abc,axc,1",
        "'',abc,3",
        "ca,abc,3",
        "kitten,sitting,3"
    })
    void countsInsertDeleteReplaceAndSwap(String a, String b, int distance) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(distance);
        assertThat(Suggestion.distance(b, a)).isEqualTo(distance);
    }
}
