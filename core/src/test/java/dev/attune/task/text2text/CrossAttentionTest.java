package dev.attune.task.text2text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.LeakExtension;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Where a model looks while it writes: {@code parity/make_cross_attention_golden.py}. */
@ExtendWith(LeakExtension.class)
class CrossAttentionTest {
    private static final Path MODELS = Golden.path("model/seq2seq");

    @ParameterizedTest
    @ValueSource(strings = {"t5-write-a", "t5-write-b", "bart-write-a", "mbart-write-b"})
    void isThatOfTransformers(String name) {
        Path folder = MODELS.resolve(name);
        JsonNode inputs = Golden.json(folder.resolve("inputs.json"));
        int[] read = Golden.ints(inputs.path("ids").get(0));
        int[] given = Golden.ints(inputs.path("written").get(0));
        JsonNode expected = Golden.json(MODELS.resolve("cross-attention.json")).path(name);
        try (PretrainedModel model =
                Models.load(folder, Head.SEQUENCE_TO_SEQUENCE, config -> config).model()) {
            model.train(false);
            List<float[][]> layers = Watching.attention((EncoderDecoder) model, read, given, DType.FLOAT32);
            assertThat(layers).hasSize(expected.size());
            for (int layer = 0; layer < layers.size(); layer++) {
                assertThat(layers.get(layer)).hasDimensions(given.length, read.length);
                for (int token = 0; token < given.length; token++) {
                    JsonNode row = expected.get(layer).get(token);
                    float[] shares = new float[row.size()];
                    for (int i = 0; i < shares.length; i++)
                        shares[i] = row.get(i).floatValue();
                    Golden.assertClose(
                            name + ", layer " + layer + ", token " + token, layers.get(layer)[token], shares, 1e-6);
                }
            }
        }
    }

    @Test
    void oneTextIsWatchedAtATime() {
        try (Scope scope = Scope.open()) {
            SequenceLayout one = new SequenceLayout(new int[] {3});
            SequenceLayout two = new SequenceLayout(new int[] {3, 4});
            assertThatThrownBy(() -> CrossLayout.watched(two, two, shares -> {}))
                    .hasMessage("One text without filler is watched at a time.");
            SequenceLayout filled = SequenceLayout.rounded(new int[] {3}, null);
            assertThatThrownBy(() -> CrossLayout.watched(one, filled, shares -> {}))
                    .hasMessage("One text without filler is watched at a time.");
        }
    }
}
