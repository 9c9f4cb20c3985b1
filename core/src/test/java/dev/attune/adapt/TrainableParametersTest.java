package dev.attune.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.adapt.TrainableParameters.Part;
import dev.attune.model.Bert;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainableParametersTest {
    private static final ModelConfig CONFIG =
            TinyModel.config(0).with("num_hidden_layers", 4).withLabels(List.of("a", "b", "c"));

    private static final long LAYER = 4 * (16 * 16 + 16) + 16 * 32 + 32 + 32 * 16 + 16 + 4 * 16;
    private static final long POOLER = 16 * 16 + 16;
    private static final long CLASSIFIER = 3 * 16 + 3;

    @Test
    void layersThatAreAlikeAreOnePart() {
        try (PretrainedModel model = new Bert.ForSequenceClassification(CONFIG)) {
            long embeddings = model.parameterCount() - 4 * LAYER - POOLER - CLASSIFIER;
            assertThat(TrainableParameters.of(model).parts())
                    .containsExactly(
                            new Part("embeddings", embeddings, 0),
                            new Part("layers 0 to 3", 4 * LAYER, 0),
                            new Part("pooler", POOLER, 0),
                            new Part("classifier", CLASSIFIER, 0));
            Freezing.of("embeddings", "encoder.layer[:3]", "encoder.layer[3].attention.self.query")
                    .apply(model);
            TrainableParameters now = TrainableParameters.of(model);
            assertThat(now.parts())
                    .containsExactly(
                            new Part("embeddings", 0, embeddings),
                            new Part("layers 0 to 2", 0, 3 * LAYER),
                            new Part("layer 3", LAYER - 16 * 16 - 16, 16 * 16 + 16),
                            new Part("pooler", POOLER, 0),
                            new Part("classifier", CLASSIFIER, 0));
            assertThat(now.trained() + now.frozen()).isEqualTo(model.parameterCount());
            assertThat(now.toList().get(1).toString())
                    .isEqualTo("{part=layers 0 to 2, trained=0, frozen=" + 3 * LAYER + "}");
        }
    }

    /** The table of the page is what the program shows for its command. */
    @Test
    void theTableOfTheManual() throws IOException {
        Path docs = Files.isDirectory(Path.of("docs")) ? Path.of("docs") : Path.of("..", "docs");
        ModelConfig base = ModelConfig.parse("{\"model_type\": \"bert\"}")
                .withLabels(IntStream.range(0, 77).mapToObj(i -> "label " + i).toList());
        try (PretrainedModel model = new Bert.ForSequenceClassification(base)) {
            Freezing.of("embeddings", "encoder.layer[:10]").apply(model);
            assertThat(docs.resolve("freezing.md")).content().contains("\n" + TrainableParameters.of(model) + "\n");
        }
    }

    @Test
    void aBackboneHasTheSameParts() {
        try (PretrainedModel model = Bert.hiddenStates(CONFIG)) {
            assertThat(TrainableParameters.of(model).parts())
                    .extracting(Part::name)
                    .containsExactly("embeddings", "layers 0 to 3");
        }
    }

    @Test
    void whatSavesNoTimeIsTold() {
        try (PretrainedModel model = new Bert.ForSequenceClassification(CONFIG)) {
            assertThat(FreezingNotes.of(model)).isEmpty();
            Freezing.of("encoder.layer[:2]").apply(model);
            assertThat(FreezingNotes.of(model))
                    .singleElement()
                    .asString()
                    .startsWith("Frozen, but something below is trained: layers 0 to 1.");
            Freezing.of("embeddings").apply(model);
            assertThat(FreezingNotes.of(model)).isEmpty();
        }
    }

    @Test
    void whatIsRandomForGoodIsTold() {
        try (PretrainedModel model = new Bert.ForSequenceClassification(CONFIG)) {
            List<String> untrained = List.of("classifier.weight", "bert.pooler.dense.bias");
            assertThat(FreezingNotes.ofRandom(model, untrained)).isEmpty();
            Freezing.of("base").apply(model);
            assertThat(FreezingNotes.ofRandom(model, untrained))
                    .singleElement()
                    .asString()
                    .startsWith("New and frozen, so random for good: bert.pooler.dense.bias. ");
        }
    }
}
