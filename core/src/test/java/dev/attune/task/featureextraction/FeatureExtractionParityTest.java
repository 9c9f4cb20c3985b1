package dev.attune.task.featureextraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Datasets;
import dev.attune.error.DataException;
import dev.attune.model.Bert;
import dev.attune.model.Golden;
import dev.attune.model.PretrainedModel;
import dev.attune.model.TinyModel;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.Tasks;
import dev.attune.tensor.DType;
import dev.attune.tensor.Rng;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The numbers of Hugging Face's feature-extraction pipeline, and those of sentence-transformers, for a model without a pooler.
 * Made by {@code parity/make_feature_golden.py}.
 */
class FeatureExtractionParityTest {
    private static final Path FOLDER = Golden.path("task/features");
    private static final JsonNode GOLDEN = Golden.json(FOLDER.resolve("golden.json"));
    private static final List<String> TEXTS = new ArrayList<>();

    static {
        GOLDEN.get("texts").forEach(text -> TEXTS.add(text.stringValue()));
    }

    @TempDir
    Path temp;

    private static FeatureExtractionPipeline load(DType precision, Pooling pooling, boolean normalize) {
        return FeatureExtractionPipeline.load(
                FineTuned.open(FOLDER.resolve("model").toString()).withPrecision(precision),
                new FeatureExtractionAnswers(pooling, normalize));
    }

    private static FeatureExtractionPipeline load(Pooling pooling) {
        return load(DType.FLOAT32, pooling, false);
    }

    @ParameterizedTest
    @CsvSource({
        "none, NONE, false",
        "none_normalized, NONE, true",
        "mean, MEAN, false",
        "mean_normalized, MEAN, true",
        "cls, CLS, false",
        "cls_normalized, CLS, true"
    })
    void numbersAreThoseOfTheReference(String golden, Pooling pooling, boolean normalize) {
        try (var pipeline = load(DType.FLOAT32, pooling, normalize)) {
            List<TextFeatures> answers = pipeline.answer(TEXTS);
            assertThat(answers).hasSize(TEXTS.size());
            for (int i = 0; i < TEXTS.size(); i++) {
                String what = golden + " of " + TEXTS.get(i);
                same(what, answers.get(i).json(), GOLDEN.get(golden).get(i));
                same(what, pipeline.json(answers.get(i)), GOLDEN.get(golden).get(i));
                assertThat(pipeline.cells(answers.get(i)))
                        .hasToString("{features=" + answers.get(i).json() + "}");
            }
        }
    }

    private static void same(String what, Object answer, JsonNode expected) {
        if (expected.isArray()) {
            List<?> list = (List<?>) answer;
            assertThat(list).as(what).hasSize(expected.size());
            for (int i = 0; i < list.size(); i++) same(what, list.get(i), expected.get(i));
        } else {
            assertThat((Float) answer).as(what).isCloseTo(expected.floatValue(), within(1e-5f));
        }
    }

    @Test
    void javaGetsArrays() {
        try (var pipeline = load(Pooling.MEAN)) {
            assertThat(pipeline.vector(TEXTS.get(1))).hasSize(16);
            List<float[]> vectors = pipeline.vectors(TEXTS);
            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(pipeline.vector(TEXTS.get(i)))
                        .as("alone and among others: %s", TEXTS.get(i))
                        .containsExactly(vectors.get(i), within(1e-5f));
            }
            assertThat(pipeline.vectors(List.of())).isEmpty();
            assertThatThrownBy(() -> pipeline.tokenVectors(TEXTS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("pooling is mean: ask for the vectors of texts.");
            assertThatThrownBy(() -> pipeline.vectors(List.of("good", " ")))
                    .isInstanceOf(DataException.class)
                    .hasMessage("Text 2 is empty.");
            assertThatThrownBy(() -> pipeline.input("")).isInstanceOf(DataException.class);
        }
        try (var pipeline = load(Pooling.NONE)) {
            assertThat(pipeline.tokenVectors(List.of("good")).get(0)).hasDimensions(3, 16);
            assertThatThrownBy(() -> pipeline.vector("good"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("pooling is none: ask for the vectors of tokens.");
            assertThatThrownBy(() -> pipeline.answer(List.of("good")).get(0).vector())
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void numbersReadBackAsTheyAre() {
        JsonMapper json = JsonMapper.builder().build();
        try (var pipeline = load(Pooling.CLS)) {
            for (TextFeatures answer : pipeline.answer(TEXTS)) {
                JsonNode read = json.readTree(json.writeValueAsString(pipeline.json(answer)));
                for (int c = 0; c < 16; c++)
                    assertThat((float) read.get(c).doubleValue()).isEqualTo(answer.vector()[c]);
            }
        }
    }

    @Test
    void sixteenBitsAreCloseButNotTheSame() {
        try (var exact = load(Pooling.MEAN);
                var rounded = load(DType.BFLOAT16, Pooling.MEAN, false)) {
            float[] expected = exact.vector(TEXTS.get(1));
            float[] vector = rounded.vector(TEXTS.get(1));
            assertThat(vector).isNotEqualTo(expected).containsExactly(expected, within(0.1f));
        }
    }

    /** The vectors of the tokens of 4,096 long texts would not fit in memory. */
    @Test
    void manyVectorsAreAskedForInSmallPortions() {
        try (var tokens = load(Pooling.NONE);
                var means = load(Pooling.MEAN)) {
            assertThat(tokens.inputsAtOnce()).isEqualTo(64);
            assertThat(means.inputsAtOnce()).isEqualTo(4096);
        }
    }

    /** A pooler is not read: neither its absence nor its presence changes a number. So are heads of any kind. */
    @Test
    void anyCheckpointOfTheFamilyWillDo() {
        Path folder = TinyModel.make(temp.resolve("bare"));
        float[] vector;
        try (var pipeline = FeatureExtractionPipeline.load(folder.toString())) {
            vector = pipeline.vector("the film was good");
        }
        for (String headed : List.of("sequence", "tokens")) {
            Path other = TinyModel.make(temp.resolve(headed));
            try (PretrainedModel model = headed.equals("tokens")
                    ? Bert.forTokenClassification(TinyModel.config(0))
                    : new Bert.ForSequenceClassification(TinyModel.config(0).withLabels(List.of("a", "b", "c")))) {
                Rng.seed(7); // the body is drawn before the head
                model.initialise();
                model.save(other);
            }
            try (var pipeline = FeatureExtractionPipeline.load(other.toString())) {
                assertThat(pipeline.vector("the film was good")).as(headed).containsExactly(vector);
            }
        }
    }

    @Test
    void rowsAreReadFromTheirColumn() {
        try (var pipeline = load(Pooling.MEAN)) {
            var rows = Datasets.of("rows", List.of(Map.of("body", "good", "id", 1), Map.of("body", "films", "id", 2)));
            assertThat(pipeline.input(rows, 1)).isEqualTo("films");
            assertThat(pipeline.scorer(rows)).isNull();
            var two = Datasets.of("rows", List.of(Map.of("a", "good", "b", "bad")));
            assertThatThrownBy(() -> pipeline.input(two, 0))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("Set text_column.");
        }
        FineTuned asked = FineTuned.open(FOLDER.resolve("model").toString())
                .withSettings(Map.of("text_column", "b"), Set.of("text_column"));
        try (var pipeline = FeatureExtractionPipeline.load(asked, FeatureExtractionAnswers.MEAN)) {
            var two = Datasets.of("rows", List.of(Map.of("a", "good", "b", "bad")));
            assertThat(pipeline.input(two, 0)).isEqualTo("bad");
            var one = Datasets.of("rows", List.of(Map.of("a", "good")));
            assertThatThrownBy(() -> pipeline.input(one, 0)).hasMessageContaining("No column 'b'");
        }
    }

    @Test
    void longTextsAreCutAndCounted() {
        try (Pipeline<String, TextFeatures> pipeline = FeatureExtractionPipeline.load(
                FineTuned.open(FOLDER.resolve("model").toString()).withMaxLength(8),
                FeatureExtractionAnswers.builder().pooling(Pooling.NONE).build())) {
            assertThat(pipeline.answer(List.of(TEXTS.get(1))).get(0).vectors()).hasDimensions(8, 16);
            assertThat(pipeline.notes()).containsExactly("1 texts are longer than 8 tokens and were cut.");
        }
    }

    @Test
    void thereIsNothingToPrepare() {
        var task = Tasks.named("feature-extraction");
        assertThat(task.trainable()).isFalse();
        assertThatThrownBy(() -> task.prepare(null, null)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aVectorOfZerosStaysOne() {
        float[] zeros = new float[3];
        Pooling.normalize(zeros);
        assertThat(zeros).containsExactly(0, 0, 0);
    }
}
