package dev.attune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.attune.error.DataException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetricEdgesTest {
    @Test
    void meanLossWeighsBatchesByRows() {
        var loss = new MeanLoss();
        loss.add(1.0, 4);
        loss.add(2.5, 2);
        assertThat(loss.compute()).containsExactly(entry("loss", (1.0 * 4 + 2.5 * 2) / 6));
        assertThatThrownBy(() -> loss.add(1, 0)).isInstanceOf(DataException.class);
        loss.add(Double.NaN, 1);
        assertThat(loss.value()).isNaN();
    }

    @Test
    void noRowsIsAnErrorNotANumber() {
        Stream.of(
                        new ClassificationMetrics(new Confusion(2)),
                        new MultiLabelMetrics(2),
                        new RegressionMetrics(),
                        new MeanLoss())
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
