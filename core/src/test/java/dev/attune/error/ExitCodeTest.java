package dev.attune.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exit codes are a contract: scripts rely on them. */
class ExitCodeTest {
    @Test
    void eachFailureHasItsCode() {
        Map<AttuneException, Integer> codes = Map.of(
                new TensorException("a"), 1,
                new ConfigException("a"), 2,
                new DataException("a"), 3,
                new CheckpointException("a"), 4,
                new DivergedException("a"), 5,
                new StoppedException("a"), 75);
        codes.forEach((failure, code) ->
                assertThat(failure.exitCode()).as(failure.toString()).isEqualTo(code));
    }

    @Test
    void keepsItsCause() {
        Exception cause = new Exception("why");
        assertThat(new DataException("what", cause)).hasMessage("what").hasCause(cause);
    }
}
