package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.DataException;
import org.junit.jupiter.api.Test;

class ConfusionTest {
    @Test
    void countsRowsByTrueAndPredictedLabel() {
        var confusion = new Confusion(3);
        confusion.add(new int[] {0, 0, 1, 2}, new int[] {0, 1, 1, 1});
        confusion.add(2, 2);

        assertThat(confusion.count(0, 0)).isEqualTo(1);
        assertThat(confusion.count(0, 1)).isEqualTo(1);
        assertThat(confusion.count(1, 0)).isZero();
        assertThat(confusion.support(2)).isEqualTo(2);
        assertThat(confusion.predicted(1)).isEqualTo(3);
        assertThat(confusion.correct()).isEqualTo(3);
        assertThat(confusion.total()).isEqualTo(5);
    }

    @Test
    void presentMeansOccursAsTruthOrAsPrediction() {
        var confusion = new Confusion(3);
        confusion.add(0, 1);

        assertThat(confusion.present(0)).isTrue();
        assertThat(confusion.present(1)).isTrue();
        assertThat(confusion.present(2)).isFalse();
    }

    @Test
    void refusesWhatIsNoLabel() {
        var confusion = new Confusion(2);
        assertThatThrownBy(() -> confusion.add(2, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("True label 2")
                .hasMessageContaining("2 labels (0 to 1)");
        assertThatThrownBy(() -> confusion.add(0, -100)).hasMessageContaining("Predicted label -100");
        assertThatThrownBy(() -> confusion.add(new int[2], new int[1]))
                .hasMessageContaining("2 labels but 1 predictions");
        assertThatThrownBy(() -> new Confusion(0)).isInstanceOf(DataException.class);
        assertThat(confusion.total()).isZero();
    }
}
