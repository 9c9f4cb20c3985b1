package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.nn.CrossLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradient checkpointing and dropout where one stack reads what the other one made. */
class EncoderDecoderTrainingTest {
    private static final int[] READ = {3, 9, 14, 5, 8, 11, 2, 30, 17};
    private static final int[] READ_LENGTHS = {4, 1, 4};
    private static final int[] WRITTEN = {5, 12, 8, 5, 20, 21, 9, 5};
    private static final int[] WRITTEN_LENGTHS = {3, 4, 1};
    private static final long[] KEYS = {11, 12, 13};

    /** What is shared by layers that are computed again (T5's distances, what was encoded) gets all its gradients, once each. */
    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "t5-write-b", "mt5-write-a", "bart-write-a", "mbart-write-a"})
    void layersThatAreComputedAgainGiveTheSameGradients(String name) {
        try (PretrainedModel model = load(name)) {
            model.train(true);
            Map<String, float[]> plain = gradients(model);
            model.gradientCheckpointing(true);
            Map<String, float[]> again = gradients(model);
            assertThat(again).hasSameSizeAs(plain).hasSameSizeAs(model.parameters());
            plain.forEach((parameter, gradient) -> Golden.assertClose(parameter, again.get(parameter), gradient, 1e-5));
        }
    }

    /** Of a decoder alone: nothing is given back to what was encoded. */
    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "bart-write-a"})
    void withAFrozenEncoderToo(String name) {
        try (PretrainedModel model = load(name)) {
            model.train(true);
            model.parameters().forEach((parameter, value) -> {
                boolean decodes = parameter.startsWith("decoder.block.1.") || parameter.contains("decoder.layers.1.");
                value.value().requiresGrad(decodes);
            });
            Map<String, float[]> plain = gradients(model);
            model.gradientCheckpointing(true);
            Map<String, float[]> again = gradients(model);
            assertThat(plain).isNotEmpty().hasSizeLessThan(30);
            assertThat(again.keySet()).isEqualTo(plain.keySet());
            plain.forEach((parameter, gradient) -> Golden.assertClose(parameter, again.get(parameter), gradient, 1e-5));
        }
    }

    /** All places of dropout go by the keys of the texts: the same batch again gives the same numbers, and other keys others. */
    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "bart-write-a"})
    void dropoutGoesByTheKeys(String name) {
        DropoutRates rates = DropoutRates.NONE.withHidden(0.3);
        try (PretrainedModel model = Models.load(
                                folder(name),
                                Head.SEQUENCE_TO_SEQUENCE,
                                config -> rates.applyTo(config, Head.SEQUENCE_TO_SEQUENCE))
                        .model();
                Scope scope = Scope.open()) {
            float[] whole = logits(model, KEYS);
            model.train(true);
            float[] dropped = logits(model, KEYS);
            assertThat(dropped).isNotEqualTo(whole);
            assertThat(logits(model, KEYS)).containsExactly(dropped);
            assertThat(logits(model, new long[] {1, 2, 3})).isNotEqualTo(dropped);
        }
    }

    /** Products in 16 bits: near the numbers of 32, the same in layers that are computed again, and in a model cast for good. */
    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "t5-write-b", "bart-write-a", "mbart-write-b"})
    void inSixteenBits(String name) {
        try (PretrainedModel model = load(name);
                Scope scope = Scope.open()) {
            float[] whole = Grad.off(() -> logits(model, KEYS));
            float[] half = Grad.off(() -> Autocast.run(DType.BFLOAT16, () -> logits(model, KEYS)));
            assertThat(distance(half, whole)).isBetween(1e-5, 0.03);
            Map<String, float[]> plain = Autocast.run(DType.BFLOAT16, () -> gradients(model));
            model.gradientCheckpointing(true);
            Map<String, float[]> again = Autocast.run(DType.BFLOAT16, () -> gradients(model));
            assertThat(again.keySet()).isEqualTo(plain.keySet());
            plain.keySet().removeIf(parameter -> parameter.endsWith("k_proj.bias")); // noise: softmax does not see it
            plain.forEach((parameter, gradient) -> assertThat(distance(again.get(parameter), gradient))
                    .as(parameter)
                    .isLessThan(0.03));
            model.castForPrediction(DType.BFLOAT16);
            float[] cast = Grad.off(() -> Autocast.run(DType.BFLOAT16, () -> logits(model, KEYS)));
            Golden.assertClose("cast", cast, half, 1e-6);
        }
    }

    /** Of all numbers together, relative to their size. */
    private static double distance(float[] found, float[] expected) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(found[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / Math.max(1e-12, size));
    }

    @Test
    void theFamilysKeysOfDropout() {
        ModelConfig t5 = ModelConfig.parse("{\"model_type\": \"t5\", \"dropout_rate\": 0.2}");
        assertThat(DropoutRates.inForce(t5, Head.SEQUENCE_TO_SEQUENCE)).isEqualTo(Map.of("hidden_dropout", 0.2));
        ModelConfig changed =
                DropoutRates.NONE.withHidden(0.4).withClassifier(0.5).applyTo(t5, Head.TOKEN_CLASSIFICATION);
        assertThat(T5Config.of(changed).dropout()).isEqualTo(0.4);
        assertThat(T5Config.of(changed).classifierDropout()).isEqualTo(0.5);
        ModelConfig bart = ModelConfig.parse("{\"model_type\": \"bart\"}");
        assertThat(DropoutRates.inForce(bart, Head.SEQUENCE_CLASSIFICATION))
                .isEqualTo(Map.of("hidden_dropout", 0.1, "attention_dropout", 0.0, "classifier_dropout", 0.0));
        assertThat(DropoutRates.inForce(bart, Head.QUESTION_ANSWERING)).doesNotContainKey("classifier_dropout");
        BartConfig set = BartConfig.of(DropoutRates.NONE
                .withHidden(0.4)
                .withAttention(0.25)
                .withClassifier(0.5)
                .applyTo(bart, Head.SEQUENCE_CLASSIFICATION));
        assertThat(List.of(set.dropout(), set.attentionDropout(), set.classifierDropout()))
                .containsExactly(0.4, 0.25, 0.5);
    }

    private static Map<String, float[]> gradients(PretrainedModel model) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            Tensor logits = forward(model, KEYS);
            int[] labels = IntStream.of(WRITTEN).map(id -> id + 3).toArray();
            Losses.crossEntropySum(logits, Tensor.ofInts(labels), 0)
                    .div(labels.length)
                    .backward();
            model.parameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.value().grad();
                if (gradient == null) return;
                gradients.put(name, gradient.toDense().toFloats());
                parameter.value().clearGrad();
            });
        }
        return gradients;
    }

    private static float[] logits(PretrainedModel model, long[] keys) {
        return forward(model, keys).toFloats();
    }

    private static Tensor forward(PretrainedModel model, long[] keys) {
        EncoderDecoder writer = (EncoderDecoder) model;
        Tokens read = Tokens.of(READ, new int[READ.length], READ_LENGTHS, keys);
        Tokens written = Tokens.of(WRITTEN, new int[WRITTEN.length], WRITTEN_LENGTHS, keys);
        int[] rows = IntStream.range(0, WRITTEN.length).toArray();
        CrossLayout across = CrossLayout.of(written.layout(), read.layout());
        return writer.forward(written, writer.encode(read), across, Tensor.ofInts(rows));
    }

    private static PretrainedModel load(String name) {
        return Models.load(folder(name), Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity())
                .model();
    }

    private static Path folder(String name) {
        return Golden.path("model/seq2seq/" + name);
    }
}
