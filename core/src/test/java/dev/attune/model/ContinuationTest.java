package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.LeakExtension;
import dev.attune.generate.Continuation;
import dev.attune.generate.DecoderContinuation;
import dev.attune.generate.EncoderDecoderContinuation;
import dev.attune.nn.CrossLayout;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real families, token by token: the scores are those of the whole text read at once. */
@ExtendWith(LeakExtension.class)
class ContinuationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2-causal-a",
                "gpt2-causal-b",
                "llama-causal-a",
                "llama-causal-b",
                "mistral-causal-a",
                "qwen2-causal-a",
                "qwen3-causal-b"
            })
    void decodersGoOn(String name) {
        Path folder = Golden.path("model/decoders/" + name);
        ModelConfig config = ModelConfig.read(folder);
        int words = config.integer("vocab_size", 0);
        Random random = new Random(3);
        try (PretrainedModel model =
                Models.load(folder, Head.CAUSAL_LM, UnaryOperator.identity()).model()) {
            model.train(false);
            List<List<Integer>> texts = new ArrayList<>();
            for (int length : new int[] {5, 1, 9}) {
                texts.add(random.ints(length, 0, words).boxed().toList());
            }
            int[][] prompts = texts.stream()
                    .map(text -> text.stream().mapToInt(id -> id).toArray())
                    .toArray(int[][]::new);
            try (Continuation continuation =
                    new DecoderContinuation((LanguageModel) model, words, prompts, DType.FLOAT32)) {
                try (Scope scope = Scope.open()) {
                    compare(model, texts, continuation.first());
                }
                for (int step = 0; step < 10; step++) {
                    // The last text ends after four steps, the first one divides.
                    int[] parents = step == 4 ? new int[] {0, 0, 1} : new int[] {0, 1, 2};
                    int[] tokens = random.ints(3, 0, words).toArray();
                    List<List<Integer>> longer = new ArrayList<>();
                    for (int i = 0; i < parents.length; i++) {
                        List<Integer> text = new ArrayList<>(texts.get(parents[i]));
                        text.add(tokens[i]);
                        longer.add(text);
                    }
                    texts = longer;
                    try (Scope scope = Scope.open()) {
                        compare(model, texts, continuation.next(parents, tokens));
                    }
                }
            }
        }
    }

    /** The token that generation_config.json names, whatever config.json says. */
    @Test
    void aTextBeginsWithTheTokenThatIsGiven() {
        Path folder = Golden.path("task/language/t5/model");
        int[] read = {7, 8, 9, 1};
        try (PretrainedModel model = Models.load(folder, Head.SEQUENCE_TO_SEQUENCE, UnaryOperator.identity())
                        .model();
                Scope scope = Scope.open()) {
            EncoderDecoder t5 = (EncoderDecoder) model;
            Tokens encoder = Tokens.of(read, new int[4], new int[] {4});
            Tokens decoder = Tokens.of(new int[] {5}, new int[1], new int[] {1});
            CrossLayout across = CrossLayout.of(decoder.layout(), encoder.layout());
            float[] expected = Grad.off(
                            () -> t5.forward(decoder, t5.encode(encoder), across, Tensor.ofInts(new int[1])))
                    .toFloats();
            try (Continuation begun = new EncoderDecoderContinuation(t5, 61, new int[][] {read}, 5, DType.FLOAT32)) {
                assertThat(begun.first().toFloats()).containsExactly(expected, within(2e-5f));
            }
        }
    }

    private static void compare(PretrainedModel model, List<List<Integer>> texts, Tensor scores) {
        float[] found = scores.toFloats();
        int words = (int) scores.size(1);
        for (int i = 0; i < texts.size(); i++) {
            int[] ids = texts.get(i).stream().mapToInt(id -> id).toArray();
            Tokens tokens = Grad.off(() -> Tokens.of(ids, new int[ids.length], new int[] {ids.length}));
            float[] expected = Grad.off(() ->
                            ((LanguageModel) model).forward(tokens, Tensor.ofInts(new int[] {ids.length - 1})))
                    .toFloats();
            assertThat(Arrays.copyOfRange(found, i * words, (i + 1) * words))
                    .as("text %d of %d tokens", i, ids.length)
                    .containsExactly(expected, within(2e-5f));
        }
    }
}
