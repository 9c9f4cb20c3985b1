package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Encoded;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.model.Golden;
import dev.attune.task.Finding;
import dev.attune.task.Part;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.fillmask.FillMask;
import dev.attune.task.fillmask.FillMaskPipeline;
import dev.attune.task.fillmask.FillMaskSettings;
import dev.attune.text.Tokenizer;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole way of fill-mask on a tiny model: training, evaluation, answers. */
class FillMaskJobTest extends RunsFixture {
    /** Sentences of one kind, in which each word can be told from the others; with empty lines between them. */
    private String sentences(String name, int rows) {
        List<String> lines = new ArrayList<>(List.of("id,text"));
        for (int i = 0; i < rows; i++) {
            lines.add(i + ",the film was very good and the food was not bad");
            if (i % 8 == 0) lines.add(i + ",");
        }
        return runs.file(name, lines);
    }

    @Test
    void aModelLearnsItsTexts() {
        String validation = sentences("validation.csv", 16);
        List<String> notes = new ArrayList<>();
        Recipe recipe = runs.recipe(
                        "m",
                        b -> b.evalStrategy(IntervalStrategy.EPOCH)
                                .numTrainEpochs(15)
                                .learningRate(5e-3)
                                .seed(7))
                .task("fill-mask")
                .train(sentences("train.csv", 64))
                .validation(validation)
                .settings(FillMaskSettings.builder().mlmProbability(0.25).build())
                .build();
        assertThat(DataDoctor.check(recipe).lines()).extracting(Finding::text).contains("text from text");
        Map<String, Double> early = new LinkedHashMap<>();
        TrainSummary done = Job.train(recipe, new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }

            @Override
            public void onEvaluate(EvaluationEvent event) {
                if (early.isEmpty()) early.putAll(event.metrics());
            }
        });

        Map<String, Double> results = done.allResults();
        assertThat(notes).anyMatch(note -> note.contains("8 of 72 texts are empty and were left out."));
        assertThat(results.get("eval_perplexity")).isLessThan(early.get("eval_perplexity") / 2);
        assertThat(results.get("eval_perplexity")).isEqualTo(Math.exp(results.get("eval_loss")));
        assertThat(results.get("eval_accuracy")).isBetween(0.5, 1.0);
        JsonNode run = Golden.json(runs.output("m").resolve("run.json"));
        assertThat(run.at("/settings/mlm_probability").doubleValue()).isEqualTo(0.25);
        assertThat(run.at("/columns/text").stringValue()).isEqualTo("text");
        assertThat(runs.output("m").resolve("README.md")).content().contains("fill-mask", "AutoModelForMaskedLM");
        assertThat(runs.output("m").resolve("README.md")).content().contains("perplexity.svg");
        assertThat(runs.output("m").resolve("README.md")).content().doesNotContain("the film was");
        assertThat(runs.output("m").resolve("perplexity.svg"))
                .content()
                .contains("evaluation perplexity", "lowest ")
                .doesNotContain("loss");
        assertThat(run.get("files").toString()).contains("\"perplexity.svg\"");
        assertThat(runs.output("m").resolve("report.json"))
                .content()
                .contains("validation.csv line", "the film was very good");

        // What is hidden from an evaluation does not depend on the seed of the training.
        Map<String, Double> first = Job.evaluate(runs.output("m"), validation, TrainingListener.SILENT);
        Map<String, Double> second = Job.evaluate(runs.output("m"), validation, TrainingListener.SILENT);
        for (String key : List.of("eval_loss", "eval_perplexity", "eval_accuracy", "eval_samples")) {
            assertThat(second.get(key)).as(key).isEqualTo(first.get(key)).isEqualTo(results.get(key));
        }
        try (var words = FillMaskPipeline.load(runs.output("m").toString())) {
            assertThat(words.predict("the film was very good and the [MASK] was not bad")
                            .tokenStr())
                    .isEqualTo("food");
        }
    }

    /** Found before the training: an evaluation always hides the same. */
    @Test
    void anEvaluationInWhichNothingIsHiddenIsAMistake() {
        List<String> notes = new ArrayList<>();
        Recipe recipe = runs.recipe("m")
                .task("fill-mask")
                .train(sentences("train.csv", 8))
                .validation(runs.file("short.csv", "text", "good"))
                .settings(FillMaskSettings.builder().mlmProbability(1e-9).build())
                .build();
        assertThatThrownBy(() -> Job.train(recipe, Runs.notesInto(notes)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("short.csv: not a single token was chosen to be guessed")
                .hasMessageContaining("Raise mlm_probability");
        assertThat(runs.output("m").resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void textsThatAreAllEmptyAreAMistake() {
        Recipe recipe = runs.recipe("m")
                .task("fill-mask")
                .train(runs.file("empty.csv", "id,text", "1,", "2, "))
                .settings(FillMaskSettings.builder().textColumn("text").build())
                .build();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all texts in column \"text\" are empty");
    }

    /** Texts of 13 tokens each, joined: nothing is cut off, and the last example is what is left. */
    @Test
    void textsMayBeJoined() {
        String file = sentences("train.csv", 20);
        Dataset rows = Datasets.read(file);
        FillMaskSettings joined = FillMaskSettings.builder().lineByLine(false).build();
        try (Tokenizer tokenizer = Tokenizer.load(runs.model)) {
            int[] text = tokenizer
                    .encodeIds("the film was very good and the food was not bad", null, 99)
                    .ids();
            assertThat(text).hasSize(13);
            TaskInput input = new TaskInput(rows, null, TaskOptions.DEFAULT, 42, DataCache.off());
            Encoded encoded =
                    new FillMask().prepare(joined, input).encode(Part.TRAIN, rows, tokenizer, 48, DataCache.off());
            try (Examples examples = encoded.examples()) {
                assertThat(examples.lengths()).containsExactly(48, 48, 48, 48, 48, 20);
                assertThat(IntStream.range(0, 6).map(examples::row))
                        .as("rows, of which 1, 10 and 19 are empty")
                        .containsExactly(0, 4, 8, 13, 16, 21);
                int at = 0;
                for (int i = 0; i < 6; i++) {
                    Example example = examples.get(i, 0);
                    for (int k = 0; k < example.length(); k++, at++) {
                        int label = example.labels()[k];
                        assertThat(label < 0 ? example.ids()[k] : label).isEqualTo(text[at % 13]);
                    }
                }
            }
            assertThat(encoded.notes()).hasSize(1).allMatch(note -> note.contains("3 of 23 texts are empty"));
        }
        TrainSummary done = Job.train(
                runs.recipe("joined")
                        .task("fill-mask")
                        .train(file)
                        .settings(joined)
                        .build(),
                TrainingListener.SILENT);
        assertThat(done.allResults().get("train_loss")).isPositive();
    }

    /** From the texts to the examples. */
    @Test
    void wholeWordsMayBeHidden() {
        Dataset rows = Datasets.read(runs.file("words.csv", List.of("text", "xyz the film", "film xyz")));
        FillMaskSettings words = FillMaskSettings.builder()
                .wholeWordMask(true)
                .mlmProbability(0.5)
                .build();
        TaskInput input = new TaskInput(rows, null, TaskOptions.DEFAULT, 42, DataCache.off());
        var data = new FillMask().prepare(words, input);
        assertThat(data.notes()).hasSize(1).allMatch(note -> note.contains("mask_replace_prob"));
        try (Tokenizer tokenizer = Tokenizer.load(runs.model);
                Examples examples = data.encode(Part.TRAIN, rows, tokenizer, 48, DataCache.off())
                        .examples()) {
            assertThat(examples.lengths()).containsExactly(7, 6);
            List<Integer> seen = new ArrayList<>();
            for (int epoch = 0; epoch < 40; epoch++) {
                int[] labels = examples.get(0, epoch).labels();
                assertThat(labels[1] >= 0).isEqualTo(labels[2] >= 0).isEqualTo(labels[3] >= 0);
                seen.add((labels[1] >= 0 ? 1 : 0) + (labels[4] >= 0 ? 2 : 0) + (labels[5] >= 0 ? 4 : 0));
            }
            assertThat(seen).contains(0, 1, 2, 3, 4, 5, 6, 7);
        }
    }
}
