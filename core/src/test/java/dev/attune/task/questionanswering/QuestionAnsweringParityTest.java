package dev.attune.task.questionanswering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.Models;
import dev.attune.task.FineTuned;
import dev.attune.task.TaskOptions;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainerGolden;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Numbers of the reference, made by {@code parity/make_qa_golden.py}. */
class QuestionAnsweringParityTest {
    private static final Path FOLDER = Golden.path("task/questionanswering");
    private static final String MODEL = FOLDER.resolve("model").toString();

    @Test
    void theBestAnswersAreThoseOfRunQa() {
        int cases = 0;
        for (JsonNode given : Golden.json(FOLDER.resolve("postprocess.json"))) {
            String what = "case " + cases++;
            boolean negative = given.get("negative").booleanValue();
            QuestionAnsweringSettings settings = QuestionAnsweringSettings.builder()
                    .nBestSize(given.get("n_best_size").intValue())
                    .maxAnswerLength(given.get("max_answer_length").intValue())
                    .nullScoreDiffThreshold(
                            given.get("null_score_diff_threshold").doubleValue())
                    .version2WithNegative(negative)
                    .build();
            List<BestAnswers.Window> windows = new ArrayList<>();
            for (JsonNode window : given.get("windows")) {
                windows.add(new BestAnswers.Window(
                        new WindowScores(floats(window.get("start")), floats(window.get("end"))),
                        Golden.ints(window.get("offsets"))));
            }
            String context = given.get("context").stringValue();
            BestAnswers best = BestAnswers.of(windows, context, settings);
            assertThat(best.answer()).as(what).isEqualTo(given.get("answer").stringValue());
            List<Map<String, Object>> list = best.json(context);
            assertThat(list).as(what).hasSize(given.get("best").size());
            for (int i = 0; i < list.size(); i++) {
                JsonNode expected = given.get("best").get(i);
                String which = what + ", number " + i;
                assertThat(list.get(i).get("text"))
                        .as(which)
                        .isEqualTo(expected.get(0).stringValue());
                close(which, list.get(i).get("start_logit"), expected.get(1), 1e-3);
                close(which, list.get(i).get("end_logit"), expected.get(2), 1e-3);
                close(which, list.get(i).get("probability"), expected.get(3), 1e-6);
            }
            if (negative) close(what, best.nullOdds(), given.get("odds"), 1e-5);
        }
        assertThat(cases).isGreaterThanOrEqualTo(200);
    }

    private static void close(String what, Object actual, JsonNode expected, double tolerance) {
        assertThat(((Number) actual).doubleValue()).as(what).isCloseTo(expected.doubleValue(), within(tolerance));
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = array.get(i).floatValue();
        return floats;
    }

    @Test
    void answersAreComparedAsTheScriptsOfSquadDo() {
        JsonNode golden = Golden.json(FOLDER.resolve("metrics.json"));
        golden.get("normal")
                .properties()
                .forEach(text -> assertThat(AnswerText.normalized(text.getKey()))
                        .as(text.getKey())
                        .isEqualTo(text.getValue().stringValue()));
        for (JsonNode pair : golden.get("pairs")) {
            List<String> truth = List.of(pair.get("truth").stringValue());
            String answer = pair.get("answer").stringValue();
            for (boolean negative : new boolean[] {false, true}) {
                AnswerMetrics metrics = new AnswerMetrics(negative, false);
                double f1 = metrics.add(truth, answer, answer, 0);
                JsonNode expected = pair.get(negative ? "v2" : "v1");
                String what = pair + " " + negative;
                assertThat(metrics.results().get(negative ? "exact" : "exact_match"))
                        .as(what)
                        .isEqualTo(100 * expected.get(0).doubleValue());
                assertThat(f1).as(what).isCloseTo(expected.get(1).doubleValue(), within(1e-12));
            }
        }
        int sets = 0;
        for (JsonNode set : golden.get("sets")) {
            AnswerMetrics metrics = new AnswerMetrics(set.get("negative").booleanValue(), true);
            for (JsonNode row : set.get("rows")) {
                List<String> truths = new ArrayList<>();
                row.get("truths").forEach(truth -> truths.add(truth.stringValue()));
                metrics.add(
                        truths,
                        row.get("answer").stringValue(),
                        row.get("certain").stringValue(),
                        row.get("odds").doubleValue());
            }
            Map<String, Double> results = metrics.results();
            String what = "set " + sets++;
            assertThat(results.keySet())
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(set.get("results").propertyNames());
            results.forEach((name, value) ->
                    close(what + " " + name, value, set.get("results").get(name), 1e-9));
        }
        assertThat(sets).isEqualTo(40);
    }

    @Test
    void windowsAndLabelsAreThoseOfRunQa() {
        try (Tokenizer tokenizer = Tokenizer.load(Path.of(MODEL))) {
            int several = 0;
            for (JsonNode given : Golden.json(FOLDER.resolve("windows.json"))) {
                String context = given.get("context").stringValue();
                JsonNode text = given.get("answer");
                Map<String, @Nullable Object> answers = new LinkedHashMap<>();
                if (text.isString()) {
                    answers.put("text", List.of(text.stringValue()));
                    answers.put(
                            "answer_start", List.of(given.get("answer_start").intValue()));
                }
                QuestionRows rows = QuestionRowsTest.rows(
                        given.get("question").stringValue(), context, text.isString() ? answers : List.of());
                QuestionInput input = rows.input(0);
                List<GoldAnswer> gold = rows.answers(0, context);
                Windows windows = new Windows(
                        tokenizer,
                        given.get("max_length").intValue(),
                        given.get("doc_stride").intValue());
                List<Encoding> cut = windows.of(input);
                if (cut.size() > 1) several++;
                JsonNode expected = given.get("windows");
                assertThat(cut).as(context).hasSize(expected.size());
                for (int i = 0; i < cut.size(); i++) {
                    Example example = windows.example(cut.get(i), gold.isEmpty() ? null : gold.get(0));
                    assertThat(example.ids())
                            .as(context)
                            .isEqualTo(Golden.ints(expected.get(i).get("ids")));
                    assertThat(example.labels())
                            .as(context + " window " + i)
                            .isEqualTo(Golden.ints(expected.get(i).get("label")));
                }
            }
            assertThat(several).isGreaterThan(20);
        }
    }

    @Test
    void answersAreThoseOfThePipeline() {
        JsonNode golden = Golden.json(FOLDER.resolve("pipeline.json"));
        int compared = 0;
        for (JsonNode run : golden.get("runs")) {
            JsonNode options = run.get("options");
            FineTuned model = FineTuned.open(MODEL);
            if (options.has("doc_stride")) {
                model = model.withSettings(
                        Map.of("doc_stride", options.get("doc_stride").intValue()), Set.of("doc_stride"));
            }
            try (var pipeline = QuestionAnsweringPipeline.load(model, options(options))) {
                for (int i = 0; i < golden.get("asked").size(); i++, compared++) {
                    JsonNode asked = golden.get("asked").get(i);
                    QuestionInput input = new QuestionInput(
                            asked.get(0).stringValue(), asked.get(1).stringValue());
                    same(
                            options + " " + asked,
                            input,
                            pipeline.answer(List.of(input)).get(0),
                            run.get("answers").get(i));
                }
            }
        }
        assertThat(compared).isEqualTo(8 * 14);
    }

    private static QuestionAnsweringAnswers options(JsonNode options) {
        var asked = QuestionAnsweringAnswers.builder();
        if (options.has("top_k")) asked.topK(options.get("top_k").intValue());
        if (options.has("max_answer_len"))
            asked.maxAnswerLen(options.get("max_answer_len").intValue());
        if (options.has("max_seq_len"))
            asked.maxSeqLen(options.get("max_seq_len").intValue());
        if (options.has("handle_impossible_answer")) asked.handleImpossibleAnswer(true);
        if (options.has("align_to_words")) asked.alignToWords(false);
        return asked.build();
    }

    private static void same(String what, QuestionInput asked, QuestionAnswer answer, JsonNode expected) {
        // Where a context has fewer spans than were asked for, the reference fills up with impossible ones of score 0.
        long possible = 0;
        for (JsonNode each : expected) if (each.get("score").doubleValue() > 0) possible++;
        assertThat(answer.answers()).as(what).hasSize((int) possible);
        for (int k = 0; k < possible; k++) {
            JsonNode golden = expected.get(k);
            FoundAnswer found = answer.answers().get(k);
            assertThat(found.toMap().keySet()).containsExactlyElementsOf(golden.propertyNames());
            assertThat(found.answer()).as(what).isEqualTo(golden.get("answer").stringValue());
            assertThat(found.start()).as(what).isEqualTo(golden.get("start").intValue());
            assertThat(found.end()).as(what).isEqualTo(golden.get("end").intValue());
            assertThat(found.score()).as(what).isCloseTo(golden.get("score").doubleValue(), within(1e-5));
            assertThat(asked.context().substring(found.utf16Start(), found.utf16End()))
                    .as(what)
                    .isEqualTo(found.answer());
        }
    }

    /** A softmax over tokens sees nothing that is added to all of them: the last bias of the encoder and that of the head. */
    private static boolean noise(String name) {
        return name.equals("bert.encoder.layer.1.output.LayerNorm.bias") || name.equals("qa_outputs.bias");
    }

    @Test
    void twentyStepsEqualTheReference() {
        Path train = FOLDER.resolve("train");
        JsonNode golden = Golden.json(train.resolve("run.json"));
        TrainingArguments args =
                TrainerGolden.arguments(golden.get("arguments")).build();
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : Golden.json(train.resolve("data.json"))) {
            int[] span = {row.get("start").intValue(), row.get("end").intValue()};
            examples.add(
                    new Example(Golden.ints(row.get("ids")), Golden.ints(row.get("type_ids")), span, new float[0]));
        }
        try (var model = Models.load(train.resolve("model"), Head.QUESTION_ANSWERING, UnaryOperator.identity())
                        .model();
                Tokenizer tokenizer = Tokenizer.load(Path.of(MODEL));
                Weights expected = Safetensors.open(train.resolve("run.safetensors"))) {
            QuestionAnsweringTask task = new QuestionAnsweringTask(
                    model,
                    tokenizer,
                    QuestionAnsweringSettings.DEFAULT,
                    new QuestionColumns("question", "context", "answers", null, null),
                    TaskOptions.DEFAULT);
            List<LogEvent> logs = TrainerGolden.train(args, task, examples);
            assertThat(logs).hasSize(20);
            for (int i = 0; i < logs.size(); i++) {
                close(
                        "loss, step " + i,
                        logs.get(i).loss(),
                        golden.get("losses").get(i),
                        1e-5);
                close(
                        "norm, step " + i,
                        logs.get(i).gradNorm(),
                        golden.get("norms").get(i),
                        1e-4);
            }
            TrainerGolden.assertParameters(model, expected, QuestionAnsweringParityTest::noise);
        }
    }
}
