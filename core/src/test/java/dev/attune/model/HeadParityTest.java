package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The heads of token classification, question answering and masked language modelling against transformers. */
class HeadParityTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"tokens-a", "tokens-b"})
    void tokenClassification(String name) {
        check(name, Head.TOKEN_CLASSIFICATION, (model, inputs, expected) -> {
            Tensor logits = ((TokenScorer) model).forward(inputs.tokens());
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            long[] rows = inputs.labelled();
            Tensor chosen = logits.rows(Tensor.ofLongs(rows, rows.length));
            return Losses.crossEntropySum(chosen, Tensor.ofInts(inputs.labelsAt(rows)), 0)
                    .div(rows.length);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"masked-a", "masked-b"})
    void maskedLanguageModelling(String name) {
        check(name, Head.MASKED_LM, (model, inputs, expected) -> {
            long[] rows = inputs.labelled();
            Tensor logits = ((MaskedLanguageModel) model).forward(inputs.tokens(), Tensor.ofLongs(rows, rows.length));
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            return Losses.crossEntropySum(logits, Tensor.ofInts(inputs.labelsAt(rows)), 0)
                    .div(rows.length);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"question-a", "question-b"})
    void questionAnswering(String name) {
        check(name, Head.QUESTION_ANSWERING, (model, inputs, expected) -> {
            Tensor logits = ((TokenScorer) model).forward(inputs.tokens());
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            Tensor sum = null;
            int from = 0;
            for (int b = 0; b < inputs.lengths.length; b++) {
                Tensor scores = logits.narrow(0, from, inputs.lengths[b]).transpose(0, 1); // (2, T)
                int[] span = {inputs.labels.get(2 * b), inputs.labels.get(2 * b + 1)};
                Tensor loss = Losses.crossEntropySum(scores, Tensor.ofInts(span), 0);
                sum = sum == null ? loss : sum.add(loss);
                from += inputs.lengths[b];
            }
            return sum.div(2 * inputs.lengths.length);
        });
    }

    /** What transformers stores is what is read and written: no pooler, and the table of the words once. */
    @ParameterizedTest
    @ValueSource(strings = {"tokens-b", "question-b", "masked-b"})
    void savedNamesAreThoseOfTransformers(String name) {
        Head head = name.startsWith("tokens")
                ? Head.TOKEN_CLASSIFICATION
                : name.startsWith("masked") ? Head.MASKED_LM : Head.QUESTION_ANSWERING;
        LoadedModel loaded = Models.load(folder(name), head, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().complete()).isTrue();
            assertThat(loaded.notes()).isEmpty();
            model.save(temp);
        }
        try (Weights written = Safetensors.open(temp.resolve("model.safetensors"));
                Weights given = Safetensors.open(folder(name).resolve("model.safetensors"))) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(given.names());
        }
        assertThat(ModelConfig.read(temp).toJson())
                .isEqualTo(ModelConfig.read(folder(name)).toJson());
    }

    @Test
    void aLanguageModelThatDoesNotShareItsTableIsRefused() throws Exception {
        Files.writeString(
                temp.resolve("config.json"),
                ModelConfig.read(folder("masked-b"))
                        .with("tie_word_embeddings", false)
                        .toJson());
        Files.copy(folder("masked-b").resolve("model.safetensors"), temp.resolve("model.safetensors"));
        assertThatThrownBy(() -> Models.load(temp, Head.MASKED_LM, UnaryOperator.identity()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tie_word_embeddings is false");
    }

    private static void check(String name, Head head, Forward forward) {
        Inputs inputs = Inputs.read(folder(name));
        try (PretrainedModel model = Models.load(folder(name), head, UnaryOperator.identity())
                        .model();
                Weights expected = Safetensors.open(folder(name).resolve("expected.safetensors"));
                Scope scope = Scope.open()) {
            Tensor loss = forward.loss(model, inputs, expected);
            Golden.assertClose("loss", loss, expected, "loss", TOLERANCE);
            loss.backward();
            List<String> gradients =
                    expected.names().stream().filter(n -> n.startsWith("grad.")).toList();
            assertThat(model.parameters().keySet().stream().map(n -> "grad." + n))
                    .containsExactlyInAnyOrderElementsOf(gradients);
            model.parameters().forEach((parameter, value) -> {
                Tensor gradient = value.value().grad();
                assertThat(gradient).as(parameter).isNotNull();
                Golden.assertClose(parameter, gradient.toDense(), expected, "grad." + parameter, TOLERANCE);
            });
        }
    }

    private static Path folder(String name) {
        return Golden.path("model/heads/" + name);
    }

    private interface Forward {
        /** Checks the logits and gives the mean loss. */
        Tensor loss(PretrainedModel model, Inputs inputs, Weights expected);
    }

    /** A packed batch, and its labels end to end. */
    private record Inputs(int[] ids, int[] typeIds, int[] lengths, List<Integer> labels) {
        static Inputs read(Path folder) {
            JsonNode json = Golden.json(folder.resolve("inputs.json"));
            List<Integer> labels = new ArrayList<>();
            for (JsonNode row : json.get("labels")) for (JsonNode label : row) labels.add(label.intValue());
            int[] lengths = new int[json.get("ids").size()];
            for (int i = 0; i < lengths.length; i++)
                lengths[i] = json.get("ids").get(i).size();
            return new Inputs(packed(json.get("ids")), packed(json.get("type_ids")), lengths, labels);
        }

        private static int[] packed(JsonNode rows) {
            return IntStream.range(0, rows.size())
                    .flatMap(i -> IntStream.of(Golden.ints(rows.get(i))))
                    .toArray();
        }

        Tokens tokens() {
            return Tokens.of(ids, typeIds, lengths);
        }

        long[] labelled() {
            return IntStream.range(0, labels.size())
                    .filter(i -> labels.get(i) >= 0)
                    .asLongStream()
                    .toArray();
        }

        int[] labelsAt(long[] rows) {
            return IntStream.range(0, rows.length)
                    .map(i -> labels.get((int) rows[i]))
                    .toArray();
        }
    }
}
