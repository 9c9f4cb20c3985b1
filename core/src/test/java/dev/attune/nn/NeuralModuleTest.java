package dev.attune.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeuralModuleTest {
    private static final class Layer extends NeuralModule {
        final Linear query = child("query", new Linear(4, 3, 0.02));
        final LayerNorm norm = child("LayerNorm", new LayerNorm(3, 1e-12));
        final Dropout dropout = child("dropout", new Dropout(0.1));
    }

    private static final class Backbone extends NeuralModule {
        final Embedding words = child("word_embeddings", new Embedding(5, 4, 0, 0.02));
        final ModuleList<Layer> layer = child("layer", new ModuleList<>(2, i -> new Layer()));
    }

    private static final class Head extends NeuralModule {
        final Parameter scale = param("scale", Init.ONES, 2);
        final Backbone bert = child("bert", new Backbone());
    }

    private static final class Bare extends NeuralModule {
        final Backbone backbone = root(new Backbone());
    }

    @Test
    void namesAreTheHuggingFaceKeysInTheOrderOfTheCode() {
        try (Head head = new Head()) {
            assertThat(head.parameters().keySet())
                    .containsExactly(
                            "scale",
                            "bert.word_embeddings.weight",
                            "bert.layer.0.query.weight",
                            "bert.layer.0.query.bias",
                            "bert.layer.0.LayerNorm.weight",
                            "bert.layer.0.LayerNorm.bias",
                            "bert.layer.1.query.weight",
                            "bert.layer.1.query.bias",
                            "bert.layer.1.LayerNorm.weight",
                            "bert.layer.1.LayerNorm.bias");
            assertThat(head.parameterCount()).isEqualTo(2 + 20 + 2 * (12 + 3 + 3 + 3));
        }
    }

    /** What is stored but not trained has a name too, and is freed with the module. */
    @Test
    void buffersAreNoParameters() {
        final class Biased extends NeuralModule {
            final Parameter bias = buffer("bias", Init.ONES, 1, 3);

            Biased() {
                child("product", new Linear(2, 3, 0.02));
                bias.initialise();
            }
        }
        final class Outer extends NeuralModule {
            final Biased inner = child("inner", new Biased());
        }
        try (Outer outer = new Outer()) {
            assertThat(outer.buffers()).containsOnlyKeys("inner.bias");
            assertThat(outer.parameters()).containsOnlyKeys("inner.product.weight", "inner.product.bias");
            assertThat(outer.parameterCount()).isEqualTo(9);
            assertThat(outer.inner.bias.value().requiresGrad()).isFalse();
            assertThat(outer.inner.bias.value().toFloats()).containsExactly(1, 1, 1);
        }
    }

    /** Weights that are converted once give what autocast gives, which converts them for each pass. */
    @Test
    void weightsCastOnceGiveTheNumbersOfAutocast() {
        try (Head head = new Head();
                Scope scope = Scope.open()) {
            Linear query = head.bert.layer.last().query;
            query.weight.initialise();
            query.bias.value().normalInPlace(0, 1);
            Tensor x = Tensor.ofFloats(new float[] {0.3f, -1.7f, 2.9f, 0.011f}, 1, 4);
            float[] expected = passed(query, x);
            head.castForPrediction(DType.BFLOAT16);
            assertThat(query.weight.value().type()).isEqualTo(DType.BFLOAT16);
            assertThat(query.weight.value().requiresGrad()).isFalse();
            assertThat(query.bias.value().type()).isEqualTo(DType.BFLOAT16);
            assertThat(head.scale.value().type()).isEqualTo(DType.FLOAT32);
            assertThat(head.parameters()
                            .get("bert.layer.0.LayerNorm.weight")
                            .value()
                            .type())
                    .isEqualTo(DType.FLOAT32);
            assertThat(passed(query, x)).containsExactly(expected);
        }
    }

    /** GPT-2's weights lie the other way round in files; a product of one row is faster where they do not. */
    @Test
    void turnedWeightsAreLaidOutForProducts() {
        class Turned extends NeuralModule {
            private final Linear product = child("product", Linear.turned(4, 3, 0.5));
        }
        try (Turned module = new Turned();
                Scope scope = Scope.open()) {
            module.product.weight.initialise();
            module.product.bias.value().normalInPlace(0, 1);
            Tensor x = Tensor.ofFloats(new float[] {0.3f, -1.7f, 2.9f, 0.011f, 1, 2, 3, 4}, 2, 4);
            float[] weight = module.product.weight.value().toFloats();
            float[] expected = module.product.forward(x).toFloats();
            module.castForPrediction(DType.FLOAT32);
            Tensor laidOut = module.product.weight.value();
            assertThat(laidOut.shape()).containsExactly(4, 3);
            assertThat(laidOut.requiresGrad()).isFalse();
            assertThat(laidOut.toFloats()).containsExactly(weight);
            laidOut.transpose(0, 1).view(12); // refused where rows do not lie one behind the other
            assertThat(Grad.off(() -> module.product.forward(x).toFloats())).containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void weightsInAnotherTypeAreOnlyLent() {
        try (Head head = new Head()) {
            head.parameters().values().forEach(Parameter::initialise);
            Tensor weight = head.bert.layer.last().query.weight.value();
            float[] before = weight.toFloats();
            for (DType type : List.of(DType.BFLOAT16, DType.FLOAT16, DType.FLOAT32)) {
                assertThatThrownBy(() -> head.inType(type, () -> {
                            head.parameters()
                                    .forEach((name, parameter) -> assertThat(
                                                    parameter.value().type())
                                            .as(name)
                                            .isEqualTo(type));
                            throw new IllegalStateException("mine");
                        }))
                        .hasMessage("mine");
                assertThat(head.bert.layer.last().query.weight.value()).isSameAs(weight);
                assertThat(weight.toFloats()).containsExactly(before);
            }
        }
    }

    private static float[] passed(Linear linear, Tensor x) {
        return Grad.off(
                () -> Autocast.run(DType.BFLOAT16, () -> linear.forward(x).toFloats()));
    }

    @Test
    void rootHasNoNameOfItsOwn() {
        try (Bare bare = new Bare()) {
            assertThat(bare.parameters().keySet()).startsWith("word_embeddings.weight", "layer.0.query.weight");
        }
    }

    @Test
    void parametersAreTrainedFloatsOwnedByTheModule() {
        long before = Scope.liveHandles();
        Head head;
        try (Scope scope = Scope.open()) { // a model made inside a scope outlives it
            head = new Head();
        }
        Tensor weight = head.parameters().get("bert.layer.0.query.weight").value();
        assertThat(weight.type()).isEqualTo(DType.FLOAT32);
        assertThat(weight.shape()).containsExactly(3, 4);
        assertThat(weight.requiresGrad()).isTrue();
        assertThat(head.parameters().get("bert.layer.0.LayerNorm.weight").ofNorm())
                .isTrue();
        assertThat(head.parameters().get("bert.layer.0.query.bias").ofNorm()).isFalse();
        assertThat(Scope.liveHandles() - before).isEqualTo(10);
        head.close();
        head.close();
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void trainReachesEveryPart() {
        try (Head head = new Head()) {
            Dropout deep = head.bert.layer.iterator().next().dropout;
            assertThat(head.training()).isFalse();
            assertThat(deep.training()).isFalse();
            assertThat(deep.probability()).isZero();
            head.train(true);
            assertThat(deep.training()).isTrue();
            assertThat(deep.probability()).isEqualTo(0.1);
            head.train(false);
            assertThat(deep.training()).isFalse();
        }
    }

    @Test
    void dropoutOutsideTrainingIsTheSameTensor() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.zeros(DType.FLOAT32, 3, 2);
            DropoutKeys keys =
                    SequenceLayout.rounded(new int[] {3}, new long[] {1}).keys();
            Dropout dropout = new Dropout(0.5);
            assertThat(dropout.forward(x, keys)).isSameAs(x);
            dropout.train(true);
            assertThat(dropout.forward(x, keys)).isNotSameAs(x);
        }
    }

    /** Where dropout is in the model is told by the names on the way: no two places are the same, and none ever changes. */
    @Test
    void everyPlaceHasANumberOfItsOwn() {
        try (Head head = new Head();
                Head again = new Head()) {
            Set<Long> sites = new HashSet<>();
            sites.add(head.bert.site());
            int layers = 0;
            for (var layer : head.bert.layer) {
                layers++;
                sites.add(layer.site());
                sites.add(layer.dropout.site());
            }
            assertThat(layers).isGreaterThan(0);
            assertThat(sites).hasSize(1 + 2 * layers).doesNotContain(0L);
            assertThat(again.bert.layer.iterator().next().dropout.site()).isIn(sites);
        }
    }

    @Test
    void namesAreGivenOnce() {
        final class Twice extends NeuralModule {
            Twice() {
                child("a", new Dropout(0));
                child("a", new Dropout(0));
            }
        }
        assertThatThrownBy(Twice::new)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a");
    }

    @Test
    void partsComputeWhatTheySay() {
        try (Scope scope = Scope.open();
                Linear linear = new Linear(2, 1, 0.02);
                LayerNorm norm = new LayerNorm(2, 0);
                Embedding embedding = new Embedding(3, 2, -1, 0.02)) {
            linear.weight.value().copyInPlace(Tensor.ofFloats(new float[] {2, 3}, 1, 2));
            linear.bias.value().fillInPlace(10);
            Tensor x = Tensor.ofFloats(new float[] {1, 1, 0, 5}, 2, 2);
            assertThat(linear.forward(x).toFloats()).containsExactly(15, 25);
            norm.parameters().values().forEach(Parameter::initialise);
            assertThat(norm.forward(x.narrow(0, 1, 1)).toFloats()).containsExactly(-1, 1);
            embedding.weight.value().copyInPlace(Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
            assertThat(embedding.forward(Tensor.ofInts(new int[] {2, 0})).toFloats())
                    .containsExactly(5, 6, 1, 2);
        }
    }
}
