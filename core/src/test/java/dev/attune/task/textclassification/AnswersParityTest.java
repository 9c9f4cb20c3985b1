package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.model.Golden;
import dev.attune.task.FineTuned;
import dev.attune.task.textclassification.TextClassificationAnswers.ScoreFunction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Answers in the form and with the numbers of Hugging Face's text-classification pipeline, for each kind of problem and each
 * option. Made by {@code parity/make_pipeline_golden.py}.
 */
class AnswersParityTest {
    private static final Path FOLDER = Golden.path("task/pipeline");

    @ParameterizedTest
    @ValueSource(strings = {"single", "multi", "number", "unnamed"})
    void answersAreThoseOfThePipeline(String model) {
        JsonNode golden = Golden.json(FOLDER.resolve("golden.json"));
        List<TextInput> inputs = new ArrayList<>();
        golden.get("singles").forEach(text -> inputs.add(new TextInput(text.stringValue(), null)));
        golden.get("pairs")
                .forEach(pair -> inputs.add(
                        new TextInput(pair.get(0).stringValue(), pair.get(1).stringValue())));
        int compared = 0;
        for (JsonNode run : golden.at("/cases/" + model)) {
            List<JsonNode> expected = new ArrayList<>();
            run.get("singles").forEach(expected::add);
            run.get("pairs").forEach(expected::add);
            try (var pipeline = TextClassificationPipeline.load(
                    FineTuned.open(FOLDER.resolve(model).toString()), options(run.get("options")))) {
                List<TextAnswer> answers = pipeline.answer(inputs);
                for (int i = 0; i < inputs.size(); i++) {
                    same(
                            model + " " + run.get("options") + " " + inputs.get(i),
                            answers.get(i).json(),
                            expected.get(i));
                    compared++;
                }
            }
        }
        assertThat(compared).isEqualTo(7 * inputs.size());
    }

    /** {@code top_k: null} means all there; here any number that is large enough does. */
    private static TextClassificationAnswers options(JsonNode options) {
        var asked = TextClassificationAnswers.builder();
        JsonNode topK = options.get("top_k");
        if (topK != null) asked.topK(topK.isNull() ? Integer.MAX_VALUE : topK.intValue());
        JsonNode function = options.get("function_to_apply");
        if (function != null) {
            asked.functionToApply(ScoreFunction.valueOf(function.stringValue().toUpperCase(Locale.ROOT)));
        }
        return asked.build();
    }

    private static void same(String what, Object answer, JsonNode expected) {
        if (expected.isArray()) {
            List<?> labels = (List<?>) answer;
            assertThat(labels).as(what).hasSize(expected.size());
            for (int k = 0; k < labels.size(); k++) same(what, labels.get(k), expected.get(k));
            return;
        }
        Map<?, ?> label = (Map<?, ?>) answer;
        assertThat(label.keySet().stream().map(String::valueOf)).containsExactlyElementsOf(expected.propertyNames());
        assertThat(label.get("label")).as(what).isEqualTo(expected.get("label").stringValue());
        assertThat((Double) label.get("score"))
                .as(what)
                .isCloseTo(expected.get("score").doubleValue(), within(1e-5));
    }
}
