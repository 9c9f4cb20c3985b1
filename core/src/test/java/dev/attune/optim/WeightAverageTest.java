package dev.attune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.StateDict;
import dev.attune.nn.Linear;
import dev.attune.nn.NeuralModule;
import dev.attune.tensor.Scope;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
    private static final class Model extends NeuralModule {
        final Linear body = child("body", new Linear(1, 1, 0.02));
        final Linear head = child("head", new Linear(1, 1, 0.02));

        void fill(double value) {
            parameters().values().forEach(parameter -> parameter.value().fillInPlace(value));
        }

        float body() {
            return body.weight.value().toFloats()[0];
        }

        float head() {
            return head.weight.value().toFloats()[0];
        }
    }

    @Test
    void theFirstUpdateIsTakenWhole() {
        try (Model model = new Model()) {
            model.fill(100);
            try (WeightAverage average = new WeightAverage(0.75, model.parameters())) {
                double[] weights = {8, 4, 16};
                double[] expected = {8, 7, 9.25};
                for (int i = 0; i < weights.length; i++) {
                    model.fill(weights[i]);
                    average.update();
                    assertThat(average.during(model::body)).isEqualTo((float) expected[i]);
                    assertThat(model.body()).isEqualTo((float) weights[i]);
                }
                average.adopt();
            }
            assertThat(model.body()).isEqualTo(9.25f);
        }
    }

    @Test
    void isPutBackAfterAFailure() {
        try (Model model = new Model();
                WeightAverage average = new WeightAverage(0.5, model.parameters())) {
            model.fill(1);
            average.update();
            model.fill(3);
            average.update();
            assertThatThrownBy(() -> average.during(() -> {
                        assertThat(model.body()).isEqualTo(2);
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            assertThat(model.body()).isEqualTo(3);
            assertThat(model.body.weight.value().requiresGrad()).isTrue();
        }
    }

    @Test
    void whatIsFrozenHasItsValueAndWhatIsThawedBeginsThere() {
        try (Model model = new Model()) {
            model.fill(1);
            model.body.weight.value().requiresGrad(false);
            try (WeightAverage average = new WeightAverage(0.5, model.parameters())) {
                model.fill(3);
                average.update();
                model.fill(5);
                average.update();
                assertThat(average.during(model::head)).isEqualTo(4);
                assertThat(average.during(model::body)).as("never averaged").isEqualTo(5);
                model.body.weight.value().requiresGrad(true);
                average.update();
                model.fill(7);
                average.update();
                assertThat(average.during(model::body)).isEqualTo(6);
                assertThat(average.during(model::head)).isCloseTo(5.75f, within(1e-6f));
            }
        }
    }

    @Test
    void savesTheTrainedWeightsBesideAModelThatHasTheAverages() {
        try (Model model = new Model();
                Model resumed = new Model();
                Scope scope = Scope.open();
                WeightAverage average = new WeightAverage(0.5, model.parameters());
                WeightAverage again = new WeightAverage(0.5, resumed.parameters())) {
            model.fill(2);
            average.update();
            model.fill(4);
            average.update();
            StateDict state = new StateDict();
            assertThatThrownBy(() -> average.save(state)).isInstanceOf(IllegalStateException.class);
            average.during(() -> {
                average.save(state);
                resumed.fill(model.body());
                return true;
            });
            again.load(state);
            assertThat(resumed.body()).isEqualTo(4);
            assertThat(again.during(resumed::body)).isEqualTo(3);
            resumed.fill(5);
            again.update();
            assertThat(again.during(resumed::body)).isEqualTo(4);
        }
    }

    @Test
    void withoutADecayNothingHappens() {
        try (Model model = new Model();
                WeightAverage average = new WeightAverage(null, model.parameters())) {
            model.fill(1);
            average.update();
            model.fill(2);
            assertThat(average.during(model::body)).isEqualTo(2);
            average.adopt();
            assertThat(model.body()).isEqualTo(2);
            average.save(new StateDict());
        }
    }
}
