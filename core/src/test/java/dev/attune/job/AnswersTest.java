package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.task.Pipeline;
import dev.attune.task.textclassification.TextAnswer;
import dev.attune.task.textclassification.TextAnswer.Prediction;
import dev.attune.task.textclassification.TextClassificationAnswers;
import dev.attune.task.textclassification.TextClassificationAnswers.ScoreFunction;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.task.textclassification.TextInput;
import dev.attune.tensor.DType;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a fine-tuned classifier answers: each form of the Hugging Face pipeline, pairs, thresholds, several threads. */
class AnswersTest extends RunsFixture {
    private static final List<String> TEXTS = List.of("the film was good", "the food was awful", "very very nice film");

    private String trained(String csv) {
        Job.train(runs.recipe("a").train(csv).build(), TrainingListener.SILENT);
        return runs.output("a").toString();
    }

    private String threeLabels() {
        List<String> lines = new ArrayList<>(List.of("text,label"));
        for (int i = 0; i < 24; i++) {
            lines.add(List.of("good film,good", "bad food,bad", "the film was not,neither")
                    .get(i % 3));
        }
        return trained(runs.file("three.csv", lines));
    }

    private static List<TextAnswer> answers(String model, TextClassificationAnswers asked) {
        try (var pipeline = TextClassificationPipeline.load(FineTuned.open(model), asked)) {
            return pipeline.answer(
                    TEXTS.stream().map(text -> new TextInput(text, null)).toList());
        }
    }

    @Test
    void scoresAreThoseOfTheFunction() {
        String model = threeLabels();
        for (TextAnswer answer : answers(model, all(null))) {
            float[] logits = answer.logits();
            double sum = 0;
            for (float logit : logits) sum += Math.exp(logit);
            assertThat(answer.labels()).hasSize(3);
            assertThat(answer.labels().stream().mapToDouble(Prediction::score).sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(answer.labels().get(0).score()).isCloseTo(Math.exp(highest(logits)) / sum, within(1e-9));
            assertThat(answer.labels()).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
        }
        for (TextAnswer answer : answers(model, all(ScoreFunction.SIGMOID))) {
            assertThat(answer.labels().get(0).score())
                    .isCloseTo(1 / (1 + Math.exp(-highest(answer.logits()))), within(1e-9));
        }
        for (TextAnswer answer : answers(model, all(ScoreFunction.NONE))) {
            assertThat(answer.labels().get(0).score()).isEqualTo(highest(answer.logits()));
        }
    }

    private static TextClassificationAnswers all(ScoreFunction function) {
        return new TextClassificationAnswers(null, 99, function, null);
    }

    private static double highest(float[] logits) {
        return IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
    }

    @Test
    void topKIsAListAndWithoutItOneLabel() {
        String model = threeLabels();
        TextAnswer one = answers(model, TextClassificationAnswers.BEST).get(0);
        assertThat(one.json()).isInstanceOf(Map.class);
        TextAnswer two = answers(
                        model, TextClassificationAnswers.builder().topK(2).build())
                .get(0);
        assertThat(two.labels()).hasSize(2).startsWith(one.best());
        assertThat((List<?>) two.json()).hasSize(2);
        TextAnswer first = answers(
                        model, TextClassificationAnswers.builder().topK(1).build())
                .get(0);
        assertThat((List<?>) first.json()).as("asked for as a list").hasSize(1);
    }

    @Test
    void allLabelsAboveAThreshold() {
        String model = trained(runs.file(
                "many.jsonl",
                "{\"text\": \"good film\", \"labels\": [\"film\", \"good\"]}",
                "{\"text\": \"bad food\", \"labels\": [\"food\"]}",
                "{\"text\": \"nice food\", \"labels\": [\"food\", \"good\"]}",
                "{\"text\": \"the film\", \"labels\": [\"film\"]}"));
        for (double threshold : new double[] {0, 0.5, 1}) {
            var asked = TextClassificationAnswers.builder().threshold(threshold).build();
            for (TextAnswer answer : answers(model, asked)) {
                List<Double> expected = IntStream.range(0, answer.logits().length)
                        .mapToObj(k -> 1 / (1 + Math.exp(-answer.logits()[k])))
                        .filter(score -> score > threshold)
                        .sorted((a, b) -> Double.compare(b, a))
                        .toList();
                assertThat(answer.labels()).extracting(Prediction::score).isEqualTo(expected);
            }
        }
        assertThatThrownBy(() -> new TextClassificationAnswers(null, 1, null, 0.5))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("top_k and threshold are both set.");
    }

    @Test
    void oneScoreWithoutAWordIsAProbability() throws IOException {
        String model = trained(runs.file("train.csv", "text,score", "good,0.5", "bad,0.25", "nice,0.75", "poor,0.5"));
        assertThat(answers(model, TextClassificationAnswers.BEST))
                .as("a regression")
                .allSatisfy(answer -> assertThat(answer.best().score()).isEqualTo((double) answer.logits()[0]));
        Path config = Path.of(model, "config.json");
        String json = Files.readString(config);
        assertThat(ModelConfig.read(Path.of(model)).text("problem_type", "")).isEqualTo("regression");
        Files.writeString(config, json.replace("\"problem_type\"", "\"problem_type_was\""));
        assertThat(answers(model, TextClassificationAnswers.BEST))
                .as("as the reference's pipeline takes it")
                .allSatisfy(answer -> assertThat(answer.best().score())
                        .isCloseTo(1 / (1 + Math.exp(-answer.logits()[0])), within(1e-9)));
    }

    @Test
    void pairsComeFromColumnsOrFromTheCall() throws IOException {
        String csv = runs.file(
                "pairs.csv",
                "sentence1,sentence2,label",
                "good film,nice film,same",
                "good film,bad food,other",
                "bad food,poor food,same",
                "nice film,the food,other");
        String model = trained(csv);
        List<TextAnswer> called;
        try (var pipeline = TextClassificationPipeline.load(model)) {
            called = pipeline.answer(
                    List.of(new TextInput("good film", "nice film"), new TextInput("good film", "bad food")));
            // Alone, the last digits differ from those of a batch.
            double score = pipeline.predict("good film", "nice film").score();
            assertThat(score).isCloseTo(called.get(0).best().score(), within(1e-6));
            assertThat(pipeline.predict("good film").score()).isNotCloseTo(score, within(1e-3));
        }
        List<Object> rows = new ArrayList<>();
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model))) {
            Map<String, Double> metrics =
                    Predictor.rows(pipeline, Datasets.read(csv), (row, json, cells) -> rows.add(json));
            assertThat(metrics).as("the rows have labels").containsKeys("accuracy", "f1_macro");
        }
        assertThat(rows).hasSize(4);
        for (int i = 0; i < 2; i++) sameAnswer(rows.get(i), called.get(i));
        RecipeReader flags = new RecipeReader().flag("--text-pair", "nice film");
        List<Object> typed = new ArrayList<>();
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model, null, flags))) {
            Predictor.texts(pipeline, List.of("good film"), (row, json, cells) -> typed.add(json));
        }
        assertThat(typed).hasSize(1);
        sameAnswer(typed.get(0), called.get(0));
    }

    /** The columns of a set are its own: those of one that was asked about before do not hold for the next. */
    @Test
    void oneSetWithLabelsAndOneWithout() throws IOException {
        String csv =
                runs.file("pairs.csv", "text,text_pair,label", "good film,nice film,same", "good film,bad food,other");
        Dataset pairs = Datasets.read(csv);
        Dataset texts = Datasets.read(runs.file("texts.csv", "text", "good film", "bad food"));
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(trained(csv)))) {
            for (int round = 0; round < 2; round++) {
                assertThat(Predictor.rows(pipeline, pairs, (row, json, cells) -> {}))
                        .containsKey("accuracy");
                assertThat(pipeline.input(pairs, 1)).isEqualTo(new TextInput("good film", "bad food"));
                assertThat(Predictor.rows(pipeline, texts, (row, json, cells) -> {}))
                        .isNull();
                assertThat(pipeline.input(texts, 1)).isEqualTo(new TextInput("bad food", null));
            }
        }
    }

    private static void sameAnswer(Object json, TextAnswer expected) {
        Map<?, ?> answer = (Map<?, ?>) json;
        assertThat(answer.get("label")).isEqualTo(expected.best().label());
        assertThat((Double) answer.get("score")).isCloseTo(expected.best().score(), within(1e-6));
    }

    @Test
    void aColumnThatTheCallerNamesMustBeThere() {
        String model = trained(runs.file("train.csv", "body,stars", "good,yes", "bad,no", "nice,yes", "poor,no"));
        Dataset rows = Datasets.of("mails", List.of(Map.of("text", "good", "label", "yes")));
        for (String flag : List.of("--text-column", "--text-pair-column", "--label-column")) {
            RecipeReader flags = new RecipeReader().flag(flag, "txet");
            try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model, null, flags))) {
                assertThatThrownBy(() -> Predictor.rows(pipeline, rows, (row, json, cells) -> {}))
                        .as(flag)
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("No column 'txet' in mails; it has ");
            }
        }
    }

    @Test
    void aColumnOfTheTrainingMayBeCalledOtherwise() throws IOException {
        String model = trained(runs.file("train.csv", "body,stars", "good,yes", "bad,no", "nice,yes", "poor,no"));
        Dataset rows = Datasets.of("mails", List.of(Map.of("text", "good", "label", "yes")));
        List<Object> answers = new ArrayList<>();
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model))) {
            // A column that nobody named is the text, but it is not compared with.
            assertThat(Predictor.rows(pipeline, rows, (row, json, cells) -> answers.add(json)))
                    .isNull();
        }
        assertThat(answers).hasSize(1);
    }

    @Test
    void metricsOfAnswersAreThoseOfAnEvaluation() throws IOException {
        String data = runs.sentiment("train.csv", 30);
        String model = trained(data);
        Map<String, Double> evaluated = Job.evaluate(Path.of(model), data, TrainingListener.SILENT);
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model))) {
            Map<String, Double> metrics = Predictor.rows(pipeline, Datasets.read(data), (row, json, cells) -> {});
            metrics.forEach((name, value) -> assertThat(evaluated).as(name).containsEntry("eval_" + name, value));
        }
    }

    /** Answers to rows with other columns than those of the training, under the usual names of labels. */
    @Test
    void labelsOfAnotherKindAreNotInTheWay() throws IOException {
        String model = trained(runs.sentiment("train.csv", 16));
        List<String> notes = new ArrayList<>();
        assertThat(predict(model, notes, "text,rating,topic", "good,4,films", "bad,1,food"))
                .isNull();
        assertThat(predict(model, notes, "text,category", "good,electronics", "bad,electronics"))
                .isNull();
        assertThat(notes).isEmpty();
    }

    @Test
    void rowsWithoutALabelAreNotScored() throws IOException {
        String model = trained(runs.sentiment("train.csv", 16));
        List<String> notes = new ArrayList<>();
        Map<String, Double> some = predict(model, notes, "text,label", "good,positive", "bad,", "awful,negative");
        assertThat(some).isEqualTo(predict(model, new ArrayList<>(), "text,label", "good,positive", "awful,negative"));
        assertThat(notes).containsExactly("The metrics are of the 2 of 3 rows that have a label in column \"label\".");
        notes.clear();
        assertThat(predict(model, notes, "text,label", "good,", "bad,")).isNull();
        assertThat(notes).containsExactly("There are no metrics: no row has a label in column \"label\".");
    }

    @Test
    void aLabelThatTheModelDoesNotHaveCostsTheMetricsOnly() throws IOException {
        String model = trained(runs.sentiment("train.csv", 16));
        List<String> notes = new ArrayList<>();
        assertThat(predict(model, notes, "text,label", "good,positive", "bad,mixed", "nice,positive"))
                .isNull();
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0))
                .startsWith("There are no metrics: ")
                .contains(
                        "asked.csv line 3: the label in column \"label\" is \"mixed\", but the model has the 2 labels");
        RecipeReader flags = new RecipeReader().flag("--label-column", "truth");
        Dataset rows = Datasets.read(runs.file("asked.csv", "text,label,truth", "good,x,positive", "bad,x,positive"));
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model, null, flags))) {
            assertThat(Predictor.rows(pipeline, rows, (row, json, cells) -> {}))
                    .as("against the named column")
                    .containsKey("accuracy");
        }
    }

    private Map<String, Double> predict(String model, List<String> notes, String... csv) throws IOException {
        Dataset rows = Datasets.read(runs.file("asked.csv", csv));
        List<Integer> answered = new ArrayList<>();
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model))) {
            return Predictor.rows(pipeline, rows, (row, json, cells) -> answered.add(row), notes::add);
        } finally {
            assertThat(answered).hasSize(rows.size());
        }
    }

    /** A folder that no run of Attune left is used for what its head is, or for what the caller says. */
    @Test
    void withoutARunTheHeadTellsTheTask() throws IOException {
        String model = trained(runs.sentiment("train.csv", 16));
        Files.delete(Path.of(model, "run.json"));
        assertThat(TrainedOptions.of(model).task().key()).isEqualTo("text-classification");
        Path config = Path.of(model, "config.json");
        Files.writeString(
                config,
                Files.readString(config).replace("BertForSequenceClassification", "BertForNextSentencePrediction"));
        assertThatThrownBy(() -> TrainedOptions.of(model))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the model is a BertForNextSentencePrediction");
        assertThat(TrainedOptions.of(model, "text-classification", new RecipeReader())
                        .task()
                        .key())
                .isEqualTo("text-classification");
    }

    @Test
    void theRunSaysWhereTextsAreCut() {
        Job.train(
                runs.recipe("a")
                        .maxLength(5)
                        .train(runs.sentiment("train.csv", 16))
                        .build(),
                TrainingListener.SILENT);
        try (var pipeline = TextClassificationPipeline.load(runs.output("a").toString())) {
            pipeline.predict(List.of("good", "the film was very very very good", "a \u0000 b"));
            assertThat(pipeline.notes())
                    .containsExactly(
                            "1 texts are longer than 5 tokens and were cut.",
                            "1 texts hold a NUL or half a surrogate pair; the characters were replaced by U+FFFD.");
        }
        RecipeReader flags = new RecipeReader().flag("--max-length", "48");
        try (Pipeline<?, ?> pipeline =
                TrainedJob.pipeline(TrainedOptions.of(runs.output("a").toString(), null, flags))) {
            assertThat(((TextClassificationPipeline) pipeline).predict("the film was very very very good"))
                    .isNotNull();
            assertThat(pipeline.notes()).as("a flag wins").isEmpty();
        }
    }

    @Test
    void lengthOrderDoesNotChangeTheOrderOfAnswers() {
        String model = trained(runs.sentiment("train.csv", 40));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) texts.add("very ".repeat(i * 7 % 30) + (i % 2 == 0 ? "good" : "bad"));
        try (var pipeline = TextClassificationPipeline.load(model)) {
            List<Prediction> together = pipeline.predict(texts);
            for (int i = 0; i < texts.size(); i += 37) {
                Prediction alone = pipeline.predict(texts.get(i));
                assertThat(together.get(i).label()).isEqualTo(alone.label());
                assertThat(together.get(i).score()).isCloseTo(alone.score(), within(1e-5));
            }
        }
    }

    @Test
    void eightCallersGetWhatOneGets() throws Exception {
        String model = trained(runs.sentiment("train.csv", 40));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 64; i++) texts.add("very ".repeat(i % 9) + (i % 2 == 0 ? "good film" : "bad food"));
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try (var pipeline = TextClassificationPipeline.load(model)) {
            List<Prediction> expected = pipeline.predict(texts);
            List<Callable<List<Prediction>>> calls = new ArrayList<>();
            for (int c = 0; c < 32; c++) calls.add(() -> pipeline.predict(texts));
            for (Future<List<Prediction>> call : callers.invokeAll(calls)) {
                List<Prediction> got = call.get();
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(got.get(i).label()).isEqualTo(expected.get(i).label());
                    assertThat(got.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6));
                }
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void closingWaitsForCallsThatAreUnderWay() throws Exception {
        String model = trained(runs.sentiment("train.csv", 40));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) texts.add("very ".repeat(i % 20) + "good");
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 5; round++) {
                var pipeline = TextClassificationPipeline.load(model);
                List<Future<Integer>> running = new ArrayList<>();
                for (int c = 0; c < 4; c++) {
                    running.add(callers.submit(() -> {
                        int answered = 0;
                        try {
                            while (true) answered += pipeline.predict(texts).size();
                        } catch (IllegalStateException closed) {
                            assertThat(closed).hasMessage("This pipeline is closed.");
                            return answered;
                        }
                    }));
                }
                Thread.sleep(20);
                pipeline.close();
                for (Future<Integer> caller : running)
                    assertThat(caller.get() % texts.size()).isZero();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void sixteenBitsAnswerAlmostTheSame() {
        String model = trained(runs.sentiment("train.csv", 40));
        List<TextAnswer> full = answers(model, TextClassificationAnswers.BEST);
        try (var pipeline = TextClassificationPipeline.load(
                FineTuned.open(model).withPrecision(DType.BFLOAT16), TextClassificationAnswers.BEST)) {
            List<TextAnswer> half = pipeline.answer(
                    TEXTS.stream().map(text -> new TextInput(text, null)).toList());
            assertThat(half.get(0).logits())
                    .as("in 16 bits")
                    .isNotEqualTo(full.get(0).logits());
            for (int i = 0; i < full.size(); i++) {
                float[] a = full.get(i).logits();
                float[] b = half.get(i).logits();
                for (int k = 0; k < a.length; k++) assertThat(b[k]).isCloseTo(a[k], within(0.1f));
            }
        }
    }

    @Test
    void aTextThatIsNoneIsAnErrorWithItsRow() {
        String model = trained(runs.sentiment("train.csv", 16));
        Dataset rows = Datasets.of("rows", List.of(Map.of("text", "good"), Map.of("text", Map.of("a", 1))));
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(TrainedOptions.of(model))) {
            assertThatThrownBy(() -> Predictor.rows(pipeline, rows, (row, json, cells) -> {}))
                    .isInstanceOf(DataException.class)
                    .hasMessage("row 2: the text in column \"text\" is an object, expected a text. Name another column,"
                            + " or turn it into a text first.");
        }
    }
}
