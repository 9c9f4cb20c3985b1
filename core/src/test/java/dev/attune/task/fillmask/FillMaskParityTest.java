package dev.attune.task.fillmask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Datasets;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.task.FineTuned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Answers of Hugging Face's fill-mask pipeline, made by {@code parity/make_fill_mask_golden.py}; and what cannot be asked. */
class FillMaskParityTest {
    private static final Path FOLDER = Golden.path("task/fillmask");
    private static final String MODEL = FOLDER.resolve("model").toString();

    @TempDir
    Path temp;

    @Test
    void answersAreThoseOfThePipeline() {
        JsonNode golden = Golden.json(FOLDER.resolve("golden.json"));
        List<String> texts = new ArrayList<>();
        golden.get("texts").forEach(text -> texts.add(text.stringValue()));
        int compared = 0;
        for (JsonNode run : golden.get("runs")) {
            try (var pipeline = FillMaskPipeline.load(FineTuned.open(MODEL), options(run.get("options")))) {
                List<MaskAnswer> answers = pipeline.answer(texts);
                for (int i = 0; i < texts.size(); i++, compared++) {
                    same(
                            run.get("options") + " " + texts.get(i),
                            pipeline.json(answers.get(i)),
                            run.get("answers").get(i));
                }
            }
        }
        assertThat(compared).isEqualTo(6 * 5);
    }

    private static FillMaskAnswers options(JsonNode options) {
        var asked = FillMaskAnswers.builder();
        if (options.has("top_k")) asked.topK(options.get("top_k").intValue());
        List<String> targets = new ArrayList<>();
        options.path("targets").forEach(target -> targets.add(target.stringValue()));
        return asked.targets(targets).build();
    }

    private static void same(String what, Object answer, JsonNode expected) {
        if (expected.isArray()) {
            List<?> list = (List<?>) answer;
            assertThat(list).as(what).hasSize(expected.size());
            for (int k = 0; k < list.size(); k++) same(what + " " + k, list.get(k), expected.get(k));
            return;
        }
        Map<?, ?> filling = (Map<?, ?>) answer;
        assertThat(filling.keySet().stream().map(String::valueOf)).containsExactlyElementsOf(expected.propertyNames());
        assertThat(filling.get("token"))
                .as(what)
                .isEqualTo(expected.get("token").intValue());
        assertThat(filling.get("token_str"))
                .as(what)
                .isEqualTo(expected.get("token_str").stringValue());
        assertThat(filling.get("sequence"))
                .as(what)
                .isEqualTo(expected.get("sequence").stringValue());
        assertThat((Double) filling.get("score"))
                .as(what)
                .isCloseTo(expected.get("score").doubleValue(), within(1e-5));
    }

    @Test
    void targetsOutsideTheVocabularyAreNoted() {
        var answers = FillMaskAnswers.builder()
                .targets(List.of("good", "Great", "films"))
                .build();
        try (var pipeline = FillMaskPipeline.load(FineTuned.open(MODEL), answers)) {
            assertThat(pipeline.notes())
                    .containsExactly(
                            "The vocabulary has no token \"Great\"; \"great\" stands in its place.",
                            "The vocabulary has no token \"films\"; \"film\" stands in its place.");
        }
        var none = FillMaskAnswers.builder().targets(List.of("\u200b")).build();
        assertThatThrownBy(() -> FillMaskPipeline.load(FineTuned.open(MODEL), none))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is a token of the model");
    }

    @Test
    void aTextWithoutAMaskNamesTheMask() throws IOException {
        Path file = Files.writeString(temp.resolve("asked.csv"), "text\nthe [MASK] was good\nthe film was good\n");
        try (var pipeline = FillMaskPipeline.load(MODEL)) {
            assertThatThrownBy(() -> pipeline.predict("the film was good"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "\"the film was good\": the text has no mask. Write [MASK] where a word is to be guessed.");
            assertThatThrownBy(() -> pipeline.predict("the <mask> was good"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("<mask> belongs to other models, here it is [MASK]");
            assertThatThrownBy(() -> pipeline.predict("the film ".repeat(20) + "was [MASK]"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(
                            "the text has 44 tokens, the model reads 32 of them, and 1 of 1 masks would be cut");
            assertThat(pipeline.predict("the film was [MASK] " + "the film ".repeat(20))
                            .token())
                    .isNotNegative();
            var rows = Datasets.read(file.toString());
            assertThat(pipeline.input(rows, 0)).isEqualTo("the [MASK] was good");
            assertThatThrownBy(() -> pipeline.input(rows, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("line 3: the text has no mask. Write [MASK]");
        }
    }
}
