package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.TensorData;
import dev.attune.checkpoint.TensorInfo;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Loading, reporting and saving of models: what fits, what does not, and what is said about it. */
class PretrainedModelTest {
    private static final List<String> LABELS = List.of("a", "b", "c");

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void tiny() {
        folder = TinyModel.make(temp.resolve("tiny"));
    }

    /** A classifier leaves out what nobody reads of the last layer: its scores are those of the whole pass. */
    @Test
    void theFirstTokensGiveTheScoresOfTheWholePass() {
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model();
                PretrainedModel backbone = Models.backbone(folder).model();
                Scope scope = Scope.open()) {
            Tensor pooled = ((EncoderModel) backbone).forward(batch(null)).poolerOutput(); // (B, C)
            Tensor weight = model.parameters().get("classifier.weight").value();
            Tensor bias = model.parameters().get("classifier.bias").value();
            float[] whole = pooled.linear(weight, bias).toFloats();
            assertThat(scores(model, batch(null))).hasSize(12).containsExactly(whole, within(1e-6f));
        }
    }

    /** Dropout goes by the key of a sequence: the same batch has the same scores, and other keys have others. */
    @Test
    void dropoutGoesByTheKeys() {
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model();
                Scope scope = Scope.open()) {
            model.train(true);
            float[] scores = scores(model, batch(new long[] {1, 2, 3, 4}));
            assertThat(scores(model, batch(new long[] {1, 2, 3, 4}))).containsExactly(scores);
            assertThat(scores(model, batch(new long[] {5, 6, 7, 8}))).isNotEqualTo(scores);
            int[] ids = {5, 6, 7};
            Tokens alone = Tokens.of(ids, new int[3], new int[] {3}, new long[] {1});
            assertThat(scores(model, alone)).containsExactly(Arrays.copyOf(scores, 3), within(1e-6f));
            assertThatThrownBy(() -> scores(model, batch(null))).hasMessageContaining("keys");
        }
    }

    private static Tokens batch(long @Nullable [] keys) {
        int[] lengths = {3, 1, 40, 2};
        int[] ids = new int[46];
        for (int i = 0; i < ids.length; i++) ids[i] = 5 + i;
        return Tokens.of(ids, new int[46], lengths, keys);
    }

    private static float[] scores(PretrainedModel model, Tokens tokens) {
        return ((SequenceClassifier) model).forward(tokens).toFloats();
    }

    @Test
    void aHeadThatIsMissingIsMadeNew() {
        LoadedModel loaded = Models.sequenceClassifier(folder, LABELS);
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().newlyInitialised()).containsExactly("classifier.weight", "classifier.bias");
            assertThat(loaded.report().loaded()).hasSize(39).contains("bert.encoder.layer.1.output.dense.bias");
            assertThat(loaded.report().ignored()).isEmpty();
            assertThat(loaded.untrained()).containsExactly("classifier.weight", "classifier.bias");
            assertThat(floats(model, "classifier.bias")).containsOnly(0f).hasSize(3);
            assertThat(floats(model, "classifier.weight")).hasSize(48).isNotEqualTo(new float[48]);
            assertThatThrownBy(loaded::requireTrainedHead)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(
                            "has no trained head (classifier.weight, classifier.bias are not in its files)")
                    .hasMessageContaining("attune train --model");
        }
    }

    @Test
    void theSeedDecidesTheNewHead() {
        List<float[]> heads = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            Rng.seed(seed);
            try (PretrainedModel model =
                    Models.sequenceClassifier(folder, LABELS).model()) {
                heads.add(floats(model, "classifier.weight"));
            }
        }
        assertThat(heads.get(0)).containsExactly(heads.get(1));
        assertThat(heads.get(0)).isNotEqualTo(heads.get(2));
    }

    @Test
    void thePrefixIsAddedAndTakenOff() {
        Path classifier = temp.resolve("classifier");
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model()) {
            assertThat(model.parameters().keySet()).contains("bert.pooler.dense.weight");
            model.save(classifier);
        }
        LoadedModel bare = Models.backbone(classifier);
        try (PretrainedModel model = bare.model();
                Weights original = Safetensors.open(folder.resolve("model.safetensors"))) {
            assertThat(bare.report().ignored()).containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
            assertThat(bare.report().complete()).isTrue();
            assertThat(model.parameters().keySet()).containsExactlyInAnyOrderElementsOf(original.names());
            for (String name : original.names()) {
                assertThat(floats(model, name)).as(name).containsExactly(Golden.floats(original, name));
            }
        }
    }

    /** Many checkpoints have no pooler, or one that nobody trained: whoever reads hidden states only does not ask for it. */
    @Test
    void hiddenStatesNeedNoPooler() {
        float[] expected;
        LoadedModel whole = Models.backbone(folder);
        try (PretrainedModel model = whole.model()) {
            expected = hidden(model).get(0);
        }
        LoadedModel loaded = Models.load(folder, Head.HIDDEN_STATES, config -> config);
        try (PretrainedModel model = loaded.model()) {
            assertThat(model.parameters().keySet()).noneMatch(name -> name.contains("pooler"));
            assertThat(loaded.notes()).as("what is left out on purpose").isEmpty();
            assertThat(hidden(model)).hasSize(1);
            assertThat(hidden(model).get(0)).containsExactly(expected);
        }
        rewrite(name -> name.startsWith("pooler.") ? null : "bert." + name);
        assertThat(Models.load(folder, Head.HIDDEN_STATES, config -> config)).satisfies(bare -> {
            try (PretrainedModel model = bare.model()) {
                bare.requireTrainedHead();
                assertThat(bare.report().complete()).isTrue();
                assertThat(hidden(model).get(0)).containsExactly(expected);
            }
        });
        LoadedModel pooled = Models.backbone(folder);
        try (PretrainedModel model = pooled.model()) {
            assertThatThrownBy(pooled::requireTrainedHead).hasMessageContaining("pooler.dense.weight");
        }
    }

    /** The hidden states, and the pooler's output if there is one. */
    private static List<float[]> hidden(PretrainedModel model) {
        model.train(false);
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                ModelOutput output = ((EncoderModel) model)
                        .forward(Tokens.of(new int[] {2, 60, 61, 3, 2, 3}, new int[6], new int[] {4, 2}));
                float[] states = output.lastHiddenState().toFloats();
                return output.poolerOutput() == null
                        ? List.of(states)
                        : List.of(states, output.poolerOutput().toFloats());
            }
        });
    }

    @Test
    void namesOfOldConvertedCheckpointsAreUnderstood() {
        rewrite(name -> "bert."
                + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"));
        LoadedModel loaded = Models.sequenceClassifier(folder, LABELS);
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().ignored()).isEmpty();
            assertThat(loaded.report().loaded()).hasSize(39);
        }
        LoadedModel bare = Models.backbone(folder);
        try (PretrainedModel model = bare.model()) {
            assertThat(bare.report().complete()).isTrue();
        }
    }

    @Test
    void aBodyThatIsMissingIsAnErrorWithItsNames() {
        rewrite(name -> name.contains("layer.1.attention.self") ? null : name);
        assertThatThrownBy(() -> Models.sequenceClassifier(folder, LABELS))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(folder.resolve("model.safetensors").toString())
                .hasMessageContaining("6 tensors of the body are missing")
                .hasMessageContaining("the first is bert.encoder.layer.1.attention.self.query.weight")
                .hasMessageContaining("Check that config.json belongs to these weights.")
                .hasMessageContaining("33 tensors loaded");
    }

    @Test
    void aPoolerMayBeMissing() {
        rewrite(name -> name.startsWith("pooler.") ? null : name);
        LoadedModel loaded = Models.backbone(folder);
        try (PretrainedModel model = loaded.model()) {
            assertThat(loaded.report().newlyInitialised()).containsExactly("pooler.dense.weight", "pooler.dense.bias");
        }
    }

    @Test
    void aBodyOfAnotherShapeIsAnErrorWithBothShapes() throws IOException {
        Files.writeString(
                folder.resolve("config.json"),
                TinyModel.config(0.1).with("intermediate_size", 40).toJson());
        assertThatThrownBy(() -> Models.backbone(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("6 tensors of the body are missing or have another shape")
                .hasMessageContaining(
                        "encoder.layer.0.intermediate.dense.weight: [32, 16] in the file, [40, 16] in the model");
    }

    /** As bitsandbytes stores them: the same name and shape, but codes of 8 bits in place of the weights. */
    @Test
    void wholeNumbersAreNoWeights() throws IOException {
        String name = "encoder.layer.1.output.dense.weight";
        Path file = folder.resolve("model.safetensors");
        List<TensorData> others = rewrite(each -> each.equals(name) ? null : each);
        for (DType type : DType.values()) {
            if (type.isFloating()) continue;
            List<TensorData> quantized = new ArrayList<>(others);
            ByteBuffer codes = ByteBuffer.allocate(16 * 32 * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            quantized.add(new TensorData(new TensorInfo(name, type, new long[] {16, 32}), codes));
            Safetensors.write(file, quantized, Map.of());
            assertThatThrownBy(() -> Models.sequenceClassifier(folder, LABELS))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("The tensor " + name + " in " + file + " holds whole numbers (" + type
                            + "), but weights are floating-point numbers: the model is quantized, so it cannot be"
                            + " trained. Take the model as it was before.");
        }
        Path config = folder.resolve("config.json");
        Files.writeString(
                config,
                TinyModel.config(0.1)
                        .with("quantization_config", Map.of("load_in_8bit", true))
                        .toJson());
        assertThatThrownBy(() -> Models.sequenceClassifier(folder, LABELS))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the model is quantized, as quantization_config in " + config + " says, so");
    }

    @Test
    void whatTheModelLeavesOutIsToldUnlessItIsAnotherHeads() {
        List<TensorData> tensors = rewrite(name -> name);
        List<String> others = List.of(
                "cls.predictions.bias", "cls.seq_relationship.weight", "qa_outputs.bias", "embeddings.position_ids");
        others.forEach(name -> tensors.add(number(name)));
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());
        LoadedModel usual = Models.sequenceClassifier(folder, LABELS);
        usual.model().close();
        assertThat(usual.report().ignored()).containsExactlyInAnyOrderElementsOf(others);
        assertThat(usual.notes()).isEmpty();

        List<String> strange = List.of("encoder.layer.2.output.dense.bias", "classifier.dense.bias");
        strange.forEach(name -> tensors.add(number(name)));
        Safetensors.write(file, tensors, Map.of());
        LoadedModel two = Models.sequenceClassifier(folder, LABELS);
        two.model().close();
        assertThat(two.notes())
                .containsExactly("In the checkpoint, but not in this model, so left out: classifier.dense.bias,"
                        + " encoder.layer.2.output.dense.bias.");

        for (int i = 3; i < 8; i++) tensors.add(number("encoder.layer." + i + ".output.dense.bias"));
        Safetensors.write(file, tensors, Map.of());
        LoadedModel bare = Models.backbone(folder);
        bare.model().close();
        assertThat(bare.notes()).hasSize(1);
        assertThat(bare.notes().get(0)).endsWith("encoder.layer.5.output.dense.bias and 2 more.");
    }

    private static TensorData number(String name) {
        ByteBuffer zero = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        return new TensorData(new TensorInfo(name, DType.INT64, new long[] {1}), zero);
    }

    @Test
    void aHeadOfAnotherSizeIsMadeNewForTrainingAndRefusedForAnswers() throws IOException {
        Path three = temp.resolve("three");
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model()) {
            model.save(three);
        }
        LoadedModel two = Models.sequenceClassifier(three, List.of("x", "y"));
        try (PretrainedModel model = two.model()) {
            assertThat(two.report().wrongShape())
                    .extracting(Object::toString)
                    .containsExactly(
                            "classifier.weight: [3, 16] in the file, [2, 16] in the model",
                            "classifier.bias: [3] in the file, [2] in the model");
            assertThat(two.untrained()).containsExactly("classifier.weight", "classifier.bias");
        }
        Path config = three.resolve("config.json");
        Files.writeString(
                config, ModelConfig.read(three).withLabels(List.of("x", "y")).toJson());
        LoadedModel wrong = Models.sequenceClassifier(three);
        try (PretrainedModel model = wrong.model()) {
            assertThatThrownBy(wrong::requireTrainedHead)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(config.toString())
                    .hasMessageContaining("classifier.weight: [3, 16] in the file, [2, 16] in the model")
                    .hasMessageContaining("id2label");
        }
    }

    /** transformers leaves id2label out if there are two labels without names. */
    @Test
    void twoLabelsNeedNoNamesInTheConfig() throws IOException {
        Path two = temp.resolve("two");
        try (PretrainedModel model =
                Models.sequenceClassifier(folder, List.of("LABEL_0", "LABEL_1")).model()) {
            model.save(two);
        }
        Files.copy(
                folder.resolve("config.json"),
                two.resolve("config.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        LoadedModel loaded = Models.sequenceClassifier(two);
        try (PretrainedModel model = loaded.model()) {
            loaded.requireTrainedHead();
            assertThat(model.config().labels()).containsExactly("LABEL_0", "LABEL_1");
        }
    }

    /** The shards that huggingface_hub makes of the same model; 12 kB are less than its word embeddings. */
    @Test
    void shardsAreThoseOfTheReferenceAndLoad() {
        Path golden = Golden.path("model/bert-base-shape");
        Path sharded = temp.resolve("sharded");
        try (PretrainedModel model = Models.sequenceClassifier(golden).model()) {
            model.save(sharded, 12_000);
            assertThat(Golden.json(sharded.resolve("model.safetensors.index.json")))
                    .isEqualTo(Golden.json(golden.resolve("sharded.index.json")));
            LoadedModel again = Models.sequenceClassifier(sharded);
            try (PretrainedModel loaded = again.model()) {
                assertThat(again.report().complete()).isTrue();
                for (String name : model.parameters().keySet()) {
                    assertThat(floats(loaded, name)).as(name).containsExactly(floats(model, name));
                }
            }
        }
    }

    @Test
    void whatIsUnknownInTheConfigIsWrittenBackVerbatim() throws IOException {
        ModelConfig config = ModelConfig.parse(Files.readString(folder.resolve("config.json"))
                .replaceFirst(
                        "\\{",
                        "{\"nothing\": null, \"wide\": 123456789012345678901234567890, \"exact\": 2.50,"
                                + " \"text\": \"\\u00e9\\ud83d\\ude00\", \"deep\": {\"b\": [1, {\"a\": false}]},"));
        Files.writeString(folder.resolve("config.json"), config.toJson());
        Path saved = temp.resolve("saved");
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model()) {
            model.save(saved);
        }
        JsonNode before = Golden.json(folder.resolve("config.json"));
        JsonNode after = Golden.json(saved.resolve("config.json"));
        for (String key : before.propertyNames()) {
            assertThat(after.get(key)).as(key).isEqualTo(before.get(key));
        }
        assertThat(after.propertyNames())
                .containsAll(before.propertyNames())
                .contains("id2label", "label2id", "architectures");
        assertThat(saved.resolve("config.json"))
                .content()
                .contains("\"exact\" : 2.50", "123456789012345678901234567890", "\"nothing\" : null");
    }

    /** Python casts to the type that config.json names: that of the base model would round the trained weights. */
    @Test
    void theConfigNamesTheTypeOfTheSavedWeights() throws IOException {
        for (String key : List.of("dtype", "torch_dtype", "neither")) {
            Files.writeString(
                    folder.resolve("config.json"),
                    TinyModel.config(0.1).with(key, "float16").toJson());
            Path saved = temp.resolve("saved-" + key);
            try (PretrainedModel model =
                    Models.sequenceClassifier(folder, LABELS).model()) {
                model.save(saved);
            }
            JsonNode config = Golden.json(saved.resolve("config.json"));
            assertThat(config.path("dtype").asString()).as(key).isEqualTo("float32");
            assertThat(config.has("torch_dtype")).as(key).isFalse();
            try (Weights weights = Safetensors.open(saved.resolve("model.safetensors"))) {
                assertThat(weights.names()).allMatch(name -> weights.info(name).dtype() == DType.FLOAT32);
            }
        }
    }

    @Test
    void aSavedModelGivesTheSameBitsAgain() {
        Path saved = temp.resolve("saved");
        float[] before;
        try (PretrainedModel model = Models.sequenceClassifier(folder, LABELS).model()) {
            before = logits(model);
            model.save(saved);
        }
        try (PretrainedModel model = Models.sequenceClassifier(saved).model()) {
            assertThat(logits(model)).hasSize(6).containsExactly(before);
        }
    }

    /** Three tokens are fewer than the rows of the table, but ids have gaps. */
    @Test
    void aTokenizerFitsByItsHighestId() throws IOException {
        LoadedModel loaded = Models.backbone(folder);
        int rows = 5 + 52 + TinyModel.WORDS.size();
        try (PretrainedModel model = loaded.model();
                Tokenizer fits = tokenizer(rows - 1);
                Tokenizer tooHigh = tokenizer(rows)) {
            loaded.requireFits(fits);
            assertThat(tooHigh.vocabularySize()).isEqualTo(3);
            assertThat(tooHigh.highestTokenId()).isEqualTo(rows);
            assertThatThrownBy(() -> loaded.requireFits(tooHigh))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("a token with the id " + rows + ", but the model has embeddings for " + rows
                            + " tokens, ids 0 to " + (rows - 1))
                    .hasMessageContaining("vocab_size");
        }
    }

    private Tokenizer tokenizer(int highest) throws IOException {
        Path other = Files.createDirectories(temp.resolve("tokenizer"));
        Files.writeString(other.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
                 "model": {"type": "WordLevel", "unk_token": "[UNK]",
                           "vocab": {"[PAD]": 0, "[UNK]": 1, "last": HIGHEST}}}
                """.replace("HIGHEST", Integer.toString(highest)));
        return Tokenizer.load(other);
    }

    @Test
    void wrongValuesInTheConfigAreNamed() throws IOException {
        wrong("hidden_size", "large", "\"hidden_size\" must be an integer, but is \"large\"");
        wrong("num_attention_heads", 5, "hidden_size 16 is not a multiple of num_attention_heads 5");
        for (String size : List.of(
                "vocab_size",
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size",
                "max_position_embeddings",
                "type_vocab_size")) {
            wrong(size, 0, "\"" + size + "\" must be at least 1, but is 0.");
            wrong(size, -5, "\"" + size + "\" must be at least 1, but is -5.");
        }
        for (String rate : List.of("hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout")) {
            wrong(rate, 10, "\"" + rate + "\" must be from 0 to 1, but is 10.");
        }
        wrong("hidden_act", "mish", "names the activation \"mish\", which Attune does not have");
        wrong("position_embedding_type", "relative_key", "position_embedding_type is \"relative_key\"");
        wrong("is_decoder", true, "is_decoder is true");
        wrong("id2label", Map.of("0", "a", "2", "b"), "id2label has 2 labels but none with the id 1");
        wrong("num_labels", 2_000_000_000, "\"num_labels\" must be from 0 to 100000, but is 2000000000.");
        // A few bytes must not take all memory there is.
        for (String size : List.of("vocab_size", "num_hidden_layers", "intermediate_size")) {
            wrong(
                    size,
                    2_000_000_000,
                    " million numbers, but " + folder.resolve("model.safetensors") + " holds 0 million.");
        }
        String types = "There are bart, bert, gpt2, llama, mbart, mistral, mt5, qwen2, qwen3, t5.";
        wrong(
                "model_type",
                "gpt9",
                "model_type is \"gpt9\", which Attune does not have. Did you mean \"gpt2\"? " + types);
        wrong("model_type", "lama", "which Attune does not have. Did you mean \"llama\"? " + types);
        wrong("model_type", "whisper", "model_type is \"whisper\", which Attune does not have. " + types);
    }

    private void wrong(String key, Object value, String message) throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, TinyModel.config(0.1).with(key, value).toJson());
        long before = Scope.liveHandles();
        assertThatThrownBy(() -> Models.sequenceClassifier(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(config.toString())
                .hasMessageContaining(message);
        assertThat(Scope.liveHandles()).as("tensors left by %s", key).isEqualTo(before);
    }

    @Test
    void aModelWithOneTokenTypeRefusesPairs() {
        ModelConfig one = TinyModel.config(0.1).with("type_vocab_size", 1).withLabels(LABELS);
        try (PretrainedModel model =
                        Models.untrained(one, Head.SEQUENCE_CLASSIFICATION).model();
                Scope scope = Scope.open()) {
            SequenceClassifier classifier = (SequenceClassifier) model;
            int[] ids = {2, 60, 61, 3};
            int[] lengths = {4};
            assertThat(classifier.forward(Tokens.of(ids, new int[4], lengths)).shape())
                    .containsExactly(1, 3);
            Tokens pair = Tokens.of(ids, new int[] {0, 0, 1, 1}, lengths);
            assertThatThrownBy(() -> classifier.forward(pair))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("config.json: type_vocab_size is 1")
                    .hasMessageContaining("the second text of a pair")
                    .hasMessageEndingWith("Use single texts, or a model that was made for pairs.");
        }
    }

    private static float[] logits(PretrainedModel model) {
        return Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                int[] ids = {2, 60, 61, 3, 2, 62, 3};
                return ((SequenceClassifier) model)
                        .forward(Tokens.of(ids, new int[7], new int[] {4, 3}))
                        .toFloats();
            }
        });
    }

    private static float[] floats(PretrainedModel model, String name) {
        try (Scope scope = Scope.open()) {
            return model.parameters().get(name).value().toFloats();
        }
    }

    /** The weights under other names; null drops a tensor. */
    private List<TensorData> rewrite(UnaryOperator<String> rename) {
        Path file = folder.resolve("model.safetensors");
        List<TensorData> tensors = new ArrayList<>();
        try (Weights weights = Safetensors.open(file)) {
            for (String name : weights.names()) {
                String renamed = rename.apply(name);
                if (renamed == null) continue;
                ByteBuffer bytes = weights.bytes(name);
                ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
                tensors.add(new TensorData(
                        new TensorInfo(
                                renamed, DType.FLOAT32, weights.info(name).shape()),
                        copy.put(bytes).flip()));
            }
        }
        Safetensors.write(file, tensors, Map.of());
        return tensors;
    }
}
