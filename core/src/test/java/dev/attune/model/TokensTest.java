package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static Tokens tokens() {
        return Tokens.of(new int[] {7, 8, 9, 5, 6}, new int[] {1, 0, 0, 1, 1}, new int[] {3, 2});
    }

    @Test
    void areRoundedWithTheFirstTokenWhereGradientsAreRecorded() {
        try (Scope scope = Scope.open()) {
            Tokens tokens = tokens();
            assertThat(tokens.layout().tokens()).isEqualTo(5);
            assertThat(tokens.ids().toLongs()).containsExactly(7, 8, 9, 5, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7);
            assertThat(tokens.typeIds().toLongs()).containsExactly(1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        }
    }

    @Test
    void areExactWhereNoneAre() {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                Tokens tokens = tokens();
                assertThat(tokens.layout().rows()).isEqualTo(5);
                assertThat(tokens.ids().toLongs()).containsExactly(7, 8, 9, 5, 6);
                assertThat(tokens.typeIds().toLongs()).containsExactly(1, 0, 0, 1, 1);
            }
        });
    }
}
