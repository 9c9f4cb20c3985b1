package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.DataException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricEdgesTest {
    /** Rows come in any order; the mean is that of batches in the order of the set, weighed by their rows. */
    @Test
    void meanLossWeighsBatchesByRows() {
        var loss = new RowLosses(6);
        loss.add(new int[] {5, 0}, new double[] {3, 2}, new double[] {1, 2});
        loss.add(new int[] {4, 2, 1, 3}, new double[] {1, 0, 6, 4}, new double[] {3, 1, 4, 1});
        double first = (2.0 + 6 + 0 + 4) / (2 + 4 + 1 + 1);
        double second = (1.0 + 3) / (3 + 1);
        assertThat(loss.mean(4)).isEqualTo((first * 4 + second * 2) / 6);
        assertThat(loss.mean(6)).isEqualTo(16.0 / 12);
        assertThat(loss.mean(1)).isEqualTo((2 / 2.0 + 6 / 4.0 + 0 + 4 + 1 / 3.0 + 3) / 6, within(1e-12));
        loss.add(new int[] {2}, new double[] {Double.NaN}, new double[] {1});
        assertThat(loss.mean(4)).isNaN();
        assertThatThrownBy(() -> new RowLosses(0).mean(4))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("No row was evaluated");
    }

    @Test
    void batchesWithoutALabelDoNotCount() {
        var loss = new RowLosses(5);
        loss.add(new int[] {0, 1, 2, 3, 4}, new double[] {0, 0, 6, 0, 1}, new double[] {0, 0, 3, 0, 2});
        assertThat(loss.mean(1)).isEqualTo((2 + 0.5) / 2);
        assertThat(loss.mean(2)).as("the third row stands for the fourth, too").isEqualTo((2 * 2 + 0.5) / 3);
        assertThat(loss.mean(5)).isEqualTo(7.0 / 5);
        loss.add(new int[] {0}, new double[] {Double.NaN}, new double[] {0});
        assertThat(loss.mean(2)).as("a loss that is no number is not hidden").isNaN();
        assertThat(new RowLosses(3).mean(2)).as("no label at all").isNaN();
    }

    @Test
    void noRowsIsAnErrorNotANumber() {
        Stream.of(new ClassificationMetrics(new Confusion(2)), new MultiLabelMetrics(2), new RegressionMetrics())
                .forEach(metric -> assertThatThrownBy(metric::compute)
                        .isInstanceOf(DataException.class)
                        .hasMessageStartingWith("No row was evaluated"));
    }

    @Test
    void computeMayBeCalledAgainAfterMoreRows() {
        var confusion = new Confusion(2);
        var metrics = new ClassificationMetrics(confusion);
        confusion.add(0, 0);
        assertThat(metrics.compute()).containsEntry("accuracy", 1.0);
        confusion.add(0, 1);
        assertThat(metrics.compute()).containsEntry("accuracy", 0.5);
    }

    @Test
    void regressionPropagatesNaN() {
        var metrics = new RegressionMetrics();
        metrics.add(new float[] {1, 2, 3}, new float[] {1, Float.NaN, 3});
        assertThat(metrics.compute().values())
                .allSatisfy(value -> assertThat(value).isNaN());
    }

    @Test
    void ranksShareTheMeanOfATie() {
        assertThat(RegressionMetrics.ranks(new double[] {10, 20, 10, 30, 10, 30}, 6))
                .containsExactly(2, 4, 2, 5.5, 2, 5.5);
    }

    @Test
    void batchesOfTheWrongShapeAreRefused() {
        assertThatThrownBy(() -> new RegressionMetrics().add(new float[2], new float[4]))
                .hasMessageContaining("2 targets but 4 predictions");
        assertThatThrownBy(() -> new MultiLabelMetrics(3).add(new float[4], new float[4]))
                .hasMessageContaining("rows of 3 labels");
        assertThatThrownBy(() -> new MultiLabelMetrics(1).add(new float[] {0.5f}, new float[1]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("must be 0 or 1");
    }
}
