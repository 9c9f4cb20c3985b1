package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextClassificationCardTest {
    @Test
    void eachProblemIsDescribedAsWhatItIs() {
        var many =
                TextClassificationCard.of(new Labels(ProblemType.MULTI_LABEL_CLASSIFICATION, List.of("a", "b")), false);
        assertThat(many.abilities()).contains("any number of 2 labels");
        assertThat(many.python().get(0)).contains("model=\"path/to/model\", top_k=None)");
        var one = TextClassificationCard.of(
                new Labels(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("a", "b")), false);
        assertThat(one.abilities()).contains("one of 2 labels");
        assertThat(one.python().get(0)).contains("model=\"path/to/model\")");
        var number = TextClassificationCard.of(new Labels(ProblemType.REGRESSION, List.of("LABEL_0")), false);
        assertThat(number.abilities()).contains("gives a text a number");
        var pair = TextClassificationCard.of(new Labels(ProblemType.REGRESSION, List.of("LABEL_0")), true);
        assertThat(pair.command())
                .isEqualTo("attune predict --model path/to/model --text-pair \"Another text\" \"Some text\"");
    }
}
