package dev.attune.job.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpaceTextTest {
    @Test
    void formsAreRead() {
        assertThat(SpaceText.parse("log_uniform(1e-5, 1e-3)")).isEqualTo(Space.logUniform(1e-5, 1e-3));
        assertThat(SpaceText.parse(" uniform( 0 ,.5 ) ")).isEqualTo(Space.uniform(0, 0.5));
        assertThat(SpaceText.parse("int(1,4)")).isEqualTo(Space.integers(1, 4));
        assertThat(SpaceText.parse("choice(8, 16, 32)")).isEqualTo(Space.choice(8, 16, 32));
        assertThat(SpaceText.parse("choice('linear', \"cosine\")")).isEqualTo(Space.choice("linear", "cosine"));
        assertThat(SpaceText.parse(List.of("no", "1e-4"))).isEqualTo(Space.choice("no", "1e-4"));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        for (Space space : List.of(
                Space.logUniform(1e-5, 3.5e-3),
                Space.uniform(-2, 0.25),
                Space.integers(-3, 40000000000L),
                Space.choice("a", "b"))) {
            assertThat(SpaceText.parse(space.toString())).isEqualTo(space);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log_uniform(1e-3, 1e-5) | log_uniform goes from 0.001 to 1e-5, but has to go from a lower number to a higher one.",
                "uniform(1, 1) | uniform goes from 1 to 1, but has to go from a lower number to a higher one.",
                "int(4, 1) | int goes from 4 to 1, but has to go from a lower number to a higher one.",
                "log_uniform(0, 1) | log_uniform begins at 0, which has no logarithm. Begin above 0, or write uniform.",
                "log_uniform(-1, 1) | log_uniform begins at -1, which has no logarithm. Begin above 0, or write uniform.",
                "uniform(0, 1e999) | uniform goes from 0 to Infinity, but has to go from a lower number to a higher one.",
                "loguniform(1, 2) | There is no space \"loguniform\". Did you mean \"log_uniform\"? There are uniform, log_uniform, int, choice.",
                "uniform(1) | uniform takes two numbers, the lowest and the highest, but has 1, for instance uniform(1e-5, 1e-3).",
                "int(1, 2.5) | \"2.5\" is no whole number.",
                "uniform(a, 2) | \"a\" is no number.",
                "choice(8) | A choice of 1 has nothing to choose from. Give it two values at least, or set the key itself.",
                "choice(8, 8) | A choice has the same value twice. Delete one of them.",
                "choice(8,,9) | One of the values between the parentheses is empty.",
                "3e-5 | \"3e-5\" is one value, and no space to search. Write a list of values, or one of uniform(0, 0.1), log_uniform(1e-5, 1e-3), int(1, 4), choice(8, 16, 32)."
            })
    void mistakesAreOneSentence(String written, String sentence) {
        assertThatThrownBy(() -> SpaceText.parse(written))
                .isInstanceOf(ConfigException.class)
                .hasMessage(sentence);
    }
}
