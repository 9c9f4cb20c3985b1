package dev.attune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Losses and gradients of torch, weights of scikit-learn; made by {@code parity/make_imbalance_golden.py}. */
class ClassLossParityTest {
    private static final JsonNode GOLDEN = Golden.json(Golden.path("imbalance/golden.json"));

    @Test
    void oneLabelARow() {
        JsonNode single = GOLDEN.get("single");
        float[] logits = floats(single.get("logits"));
        int[] labels = Golden.ints(single.get("labels"));
        int classes = single.get("classes").intValue();
        assertThat(single.get("cases")).hasSize(10);
        for (JsonNode each : single.get("cases")) {
            ClassLoss loss = new ClassLoss(
                    doubles(each.get("weights")),
                    each.get("gamma").doubleValue(),
                    each.get("smoothing").doubleValue());
            compare(each, logits, new long[] {labels.length, classes}, loss.weight(labels), x -> loss.sum(x, labels));
            double rows = 0;
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] >= 0) rows += loss.row(logits, i * classes, classes, labels[i]);
            }
            assertThat(rows / loss.weight(labels)).as("%s", each).isCloseTo(value(each), within(1e-6));
        }
    }

    /** The sum over the batches of a step, divided by the weight of them all, is the loss of one large batch. */
    @Test
    void severalBatchesAreOneBatch() {
        JsonNode single = GOLDEN.get("single");
        float[] logits = floats(single.get("logits"));
        int[] labels = Golden.ints(single.get("labels"));
        int[] ends = {0, 2, 3, labels.length};
        for (JsonNode each : single.get("cases")) {
            ClassLoss loss = new ClassLoss(
                    doubles(each.get("weights")),
                    each.get("gamma").doubleValue(),
                    each.get("smoothing").doubleValue());
            double sum = 0;
            double weight = 0;
            for (int b = 1; b < ends.length; b++) {
                int[] some = Arrays.copyOfRange(labels, ends[b - 1], ends[b]);
                float[] part = Arrays.copyOfRange(logits, 4 * ends[b - 1], 4 * ends[b]);
                weight += loss.weight(some);
                try (Scope scope = Scope.open()) {
                    sum += loss.sum(Tensor.ofFloats(part, some.length, 4), some).item();
                }
            }
            assertThat(sum / weight).as("%s", each).isCloseTo(value(each), within(1e-6));
        }
    }

    @Test
    void severalLabelsARow() {
        JsonNode several = GOLDEN.get("several");
        float[] logits = floats(several.get("logits"));
        float[] targets = floats(several.get("targets"));
        int classes = several.get("classes").intValue();
        long[] shape = {targets.length / classes, classes};
        assertThat(several.get("cases")).hasSize(6);
        for (JsonNode each : several.get("cases")) {
            ClassLoss loss = new ClassLoss(
                    doubles(each.get("weights")), each.get("gamma").doubleValue(), 0);
            compare(each, logits, shape, targets.length, x -> loss.binarySum(x, Tensor.ofFloats(targets, shape)));
            double rows = 0;
            for (int i = 0; i < logits.length; i++) rows += loss.binaryRow(logits[i], targets[i], i % classes);
            assertThat(rows / targets.length).as("%s", each).isCloseTo(value(each), within(1e-6));
        }
    }

    /** A probability of 1 in 32 bits: a power below 1 has no derivative there, and the loss is 0. */
    @Test
    void aFocalLossThatIsZeroHasTheGradientZero() {
        for (double gamma : new double[] {0.5, 1, 2}) {
            ClassLoss loss = new ClassLoss(null, gamma, 0);
            try (Scope scope = Scope.open()) {
                Tensor one = Tensor.ofFloats(new float[] {200, -200}, 1, 2).requiresGrad(true);
                loss.sum(one, new int[] {0}).backward();
                assertThat(one.grad().norm()).isZero();
                Tensor many = Tensor.ofFloats(new float[] {200, -200}, 1, 2).requiresGrad(true);
                loss.binarySum(many, Tensor.ofFloats(new float[] {1, 0}, 1, 2)).backward();
                assertThat(many.grad().norm()).isZero();
            }
        }
    }

    /** What a model that only guesses has: all logits alike. */
    @Test
    void theLossOfGuessing() {
        int[] labels = {0, 2, 2, -100, 1};
        for (double gamma : new double[] {0, 2}) {
            for (double smoothing : gamma == 0 ? new double[] {0, 0.2} : new double[] {0}) {
                for (double[] weights : new double[][] {null, {0.5, 1, 4}}) {
                    ClassLoss loss = new ClassLoss(weights, gamma, smoothing);
                    double sum = 0;
                    for (int label : labels) if (label >= 0) sum += loss.row(new float[3], 0, 3, label);
                    assertThat(loss.chance(labels, 3)).isCloseTo(sum / loss.weight(labels), within(1e-12));
                }
            }
        }
        ClassLoss several = new ClassLoss(new double[] {2, 4}, 1, 0);
        double sum = several.binaryRow(0, 1, 0) + several.binaryRow(0, 0, 1);
        assertThat(several.binaryChance(new float[] {1, 0})).isCloseTo(sum / 2, within(1e-12));
    }

    @Test
    void weightsByRule() {
        assertThat(GOLDEN.get("weights")).hasSize(3);
        for (JsonNode each : GOLDEN.get("weights")) {
            long[] counts = Arrays.stream(Golden.ints(each.get("counts")))
                    .asLongStream()
                    .toArray();
            List<String> labels = List.of("a", "b", "c", "d").subList(0, counts.length);
            assertThat(ClassWeights.BALANCED.of(labels, counts))
                    .containsExactly(doubles(each.get("balanced")), within(1e-12));
            assertThat(ClassWeights.rule("effective_number").of(labels, counts))
                    .containsExactly(doubles(each.get("effective_number")), within(1e-9));
            assertThat(ClassWeights.rule("effective_number=0.99").of(labels, counts))
                    .containsExactly(doubles(each.get("effective_number_99")), within(1e-9));
            double[] roots =
                    Arrays.stream(doubles(each.get("balanced"))).map(Math::sqrt).toArray();
            assertThat(ClassWeights.rule("inverse_sqrt").of(labels, counts)).containsExactly(roots, within(1e-12));
        }
    }

    private static void compare(
            JsonNode each, float[] logits, long[] shape, double weight, java.util.function.UnaryOperator<Tensor> loss) {
        try (Scope scope = Scope.open()) {
            Tensor leaf = Tensor.ofFloats(logits, shape).requiresGrad(true);
            Tensor mean = loss.apply(leaf).div(weight);
            mean.backward();
            assertThat(mean.item()).as("%s", each).isCloseTo(value(each), within(1e-6));
            Golden.assertClose("gradient", leaf.grad().toFloats(), floats(each.get("gradient")), 1e-6);
        }
    }

    private static double value(JsonNode each) {
        return each.get("loss").doubleValue();
    }

    private static double[] doubles(JsonNode array) {
        if (array.isNull()) return null;
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).doubleValue();
        return values;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) values[i] = array.get(i).floatValue();
        return values;
    }
}
