package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which evaluation counts as the best, and when patience ends: the reference's rules. */
class BestModelTest {
    private static BestModel best(UnaryOperator<TrainingArgumentsBuilder> change) {
        return new BestModel(change.apply(TrainingArguments.builder().evalStrategy(IntervalStrategy.EPOCH))
                .build());
    }

    private static void add(BestModel best, int step, double loss, double accuracy) {
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("eval_loss", loss);
        results.put("eval_accuracy", accuracy);
        best.add(results, step);
    }

    @Test
    void lessLossAndMoreOfAnythingElse() {
        BestModel loss = best(a -> a);
        BestModel accuracy = best(a -> a.metricForBestModel("accuracy"));
        BestModel least = best(a -> a.metricForBestModel("eval_accuracy").greaterIsBetter(false));
        for (BestModel each : new BestModel[] {loss, accuracy, least}) {
            add(each, 1, 0.5, 0.5);
            add(each, 2, 0.4, 0.4);
            add(each, 3, 0.4, 0.6);
            add(each, 4, 0.7, 0.6);
        }
        assertThat(loss.step()).as("an equal one is not better").isEqualTo(2);
        assertThat(accuracy.step()).isEqualTo(3);
        assertThat(accuracy.metric()).isEqualTo(0.6);
        assertThat(least.step()).isEqualTo(2);
    }

    @Test
    void patienceEndsWithWhatIsBetterByMoreThanTheThreshold() {
        BestModel best = best(a -> a.earlyStoppingPatience(2).earlyStoppingThreshold(0.1));
        add(best, 1, 1.0, 0);
        add(best, 2, 0.95, 0); // the best, but not by enough
        assertThat(best.step()).isEqualTo(2);
        assertThat(best.isOver()).isFalse();
        add(best, 3, 0.8, 0);
        add(best, 4, 0.75, 0);
        assertThat(best.isOver()).isFalse();
        add(best, 5, 0.75, 0);
        assertThat(best.isOver()).isTrue();
    }

    @Test
    void notANumberIsNoImprovement() {
        BestModel best = best(a -> a.earlyStoppingPatience(2));
        add(best, 1, Double.NaN, 0);
        assertThat(best.step()).isEqualTo(-1);
        add(best, 2, 3, 0);
        add(best, 3, Double.NaN, 0);
        assertThat(best.step()).isEqualTo(2);
        add(best, 4, Double.NaN, 0);
        assertThat(best.isOver()).isTrue();
    }

    @Test
    void goesOnFromAState() {
        BestModel best = best(a -> a.earlyStoppingPatience(2));
        StateDict none = new StateDict();
        best.save(none);
        add(best, 1, 0.5, 0);
        add(best, 2, 0.6, 0);
        StateDict state = new StateDict();
        best.save(state);
        BestModel other = best(a -> a.earlyStoppingPatience(2));
        other.load(none);
        assertThat(other.metric()).isNull();
        other.load(state);
        assertThat(other.metric()).isEqualTo(0.5);
        assertThat(other.step()).isEqualTo(1);
        add(other, 3, 0.6, 0);
        assertThat(other.isOver()).isTrue();
    }

    @Test
    void anUnknownMetricIsAMistake() {
        BestModel best = best(a -> a.metricForBestModel("acuracy"));
        assertThatThrownBy(() -> add(best, 1, 1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "metric_for_best_model is \"eval_acuracy\", but the evaluation has no such metric. Did you mean"
                                + " \"eval_accuracy\"? There are eval_loss, eval_accuracy.");
    }
}
