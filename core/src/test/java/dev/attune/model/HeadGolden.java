package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.nn.CrossLayout;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Folders with a tiny model, what it reads, and what transformers makes of that: compared to the last gradient. */
final class HeadGolden {
    private static final double TOLERANCE = 1e-5;

    private HeadGolden() {}

    /** Checks the logits and gives the mean loss. */
    interface Forward {
        Tensor loss(PretrainedModel model, Inputs inputs, Weights expected);
    }

    static void sequences(Path folder) {
        check(folder, Head.SEQUENCE_CLASSIFICATION, (model, inputs, expected) -> {
            Tensor logits = ((SequenceClassifier) model).forward(inputs.tokens());
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            int[] labels = inputs.labels.stream().mapToInt(Integer::intValue).toArray();
            return Losses.crossEntropySum(logits, Tensor.ofInts(labels), 0).div(labels.length);
        });
    }

    static void tokens(Path folder) {
        check(folder, Head.TOKEN_CLASSIFICATION, (model, inputs, expected) -> {
            Tensor logits = ((TokenScorer) model).forward(inputs.tokens());
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            long[] rows = inputs.labelled();
            Tensor chosen = logits.rows(Tensor.ofLongs(rows, rows.length));
            return Losses.crossEntropySum(chosen, Tensor.ofInts(inputs.labelsAt(rows)), 0)
                    .div(rows.length);
        });
    }

    static void hidden(Path folder) {
        check(folder, Head.MASKED_LM, (model, inputs, expected) -> {
            long[] rows = inputs.labelled();
            Tensor logits = ((LanguageModel) model).forward(inputs.tokens(), Tensor.ofLongs(rows, rows.length));
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            return Losses.crossEntropySum(logits, Tensor.ofInts(inputs.labelsAt(rows)), 0)
                    .div(rows.length);
        });
    }

    static void next(Path folder) {
        check(folder, Head.CAUSAL_LM, (model, inputs, expected) -> {
            long[] all = IntStream.range(0, inputs.ids.length).asLongStream().toArray();
            Tensor logits = ((LanguageModel) model).forward(inputs.tokens(), Tensor.ofLongs(all, all.length));
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            List<Integer> rows = new ArrayList<>();
            int from = 0;
            for (int length : inputs.lengths) {
                for (int t = from; t < from + length - 1; t++) if (inputs.labels.get(t + 1) >= 0) rows.add(t);
                from += length;
            }
            int[] places = rows.stream().mapToInt(row -> row).toArray();
            int[] labels =
                    rows.stream().mapToInt(row -> inputs.labels.get(row + 1)).toArray();
            return Losses.crossEntropySum(logits.rows(Tensor.ofInts(places)), Tensor.ofInts(labels), 0)
                    .div(places.length);
        });
    }

    /** What is written about what is read: the ids that the decoder is given are those of the reference. */
    static void written(Path folder) {
        check(folder, Head.SEQUENCE_TO_SEQUENCE, (model, inputs, expected) -> {
            Tensor logits = writtenLogits((EncoderDecoder) model, inputs, folder);
            Golden.assertClose("logits", logits, expected, "logits", TOLERANCE);
            long[] rows = inputs.labelled();
            Tensor chosen = logits.rows(Tensor.ofLongs(rows, rows.length));
            return Losses.crossEntropySum(chosen, Tensor.ofInts(inputs.labelsAt(rows)), 0)
                    .div(rows.length);
        });
    }

    /** Of all tokens that are written (N, V). */
    static Tensor writtenLogits(EncoderDecoder model, Inputs inputs, Path folder) {
        Inputs written = Inputs.written(folder);
        Tokens read = inputs.tokens();
        Tokens given = written.tokens();
        int[] all = IntStream.range(0, written.ids.length).toArray();
        CrossLayout across = CrossLayout.of(given.layout(), read.layout());
        return model.forward(given, model.encode(read), across, Tensor.ofInts(all));
    }

    /** Hidden states; the loss is the mean of their numbers, each times the cosine of its place. */
    static void features(Path folder) {
        check(folder, Head.HIDDEN_STATES, (model, inputs, expected) -> {
            Tensor states = ((EncoderModel) model).forward(inputs.tokens()).lastHiddenState(); // (N, C)
            Golden.assertClose("states", states, expected, "logits", TOLERANCE);
            float[] factors = new float[(int) states.elements()];
            for (int i = 0; i < factors.length; i++) factors[i] = (float) Math.cos(i);
            return states.mul(Tensor.ofFloats(factors, states.shape())).mean();
        });
    }

    static void questions(Path folder) {
        check(folder, Head.QUESTION_ANSWERING, (model, inputs, expected) -> {
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

    /** What transformers stores is what is read and written. */
    static void savesTheSameNames(Path folder, Head head, Path temp) {
        LoadedModel loaded = Models.load(folder, head, UnaryOperator.identity());
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().complete()).isTrue();
            assertThat(loaded.notes()).isEmpty();
            model.save(temp);
        }
        try (Weights written = Safetensors.open(temp.resolve("model.safetensors"));
                Weights given = Safetensors.open(folder.resolve("model.safetensors"))) {
            assertThat(written.names()).containsExactlyInAnyOrderElementsOf(given.names());
        }
        assertThat(ModelConfig.read(temp).toJson())
                .isEqualTo(ModelConfig.read(folder).toJson());
    }

    private static void check(Path folder, Head head, Forward forward) {
        Inputs inputs = Inputs.read(folder);
        try (PretrainedModel model =
                        Models.load(folder, head, UnaryOperator.identity()).model();
                Weights expected = Safetensors.open(folder.resolve("expected.safetensors"));
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

    /** A packed batch, and its labels end to end. */
    record Inputs(int[] ids, int[] typeIds, int[] lengths, List<Integer> labels) {
        static Inputs read(Path folder) {
            JsonNode json = Golden.json(folder.resolve("inputs.json"));
            List<Integer> labels = new ArrayList<>();
            for (JsonNode row : json.get("labels")) for (JsonNode label : row) labels.add(label.intValue());
            int[] lengths = new int[json.get("ids").size()];
            for (int i = 0; i < lengths.length; i++)
                lengths[i] = json.get("ids").get(i).size();
            return new Inputs(packed(json.get("ids")), packed(json.get("type_ids")), lengths, labels);
        }

        /** What the decoder is given, without labels. */
        static Inputs written(Path folder) {
            JsonNode rows = Golden.json(folder.resolve("inputs.json")).get("written");
            int[] ids = packed(rows);
            int[] lengths =
                    IntStream.range(0, rows.size()).map(i -> rows.get(i).size()).toArray();
            return new Inputs(ids, new int[ids.length], lengths, List.of());
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
