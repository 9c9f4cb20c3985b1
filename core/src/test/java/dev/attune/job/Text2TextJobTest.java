package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.config.ContradictionException;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.generate.GenerationArguments;
import dev.attune.model.Golden;
import dev.attune.task.Finding;
import dev.attune.task.FineTuned;
import dev.attune.task.text2text.CrossAttention;
import dev.attune.task.text2text.Text2TextAnswers;
import dev.attune.task.text2text.Text2TextPipeline;
import dev.attune.task.text2text.Text2TextSettings;
import dev.attune.text.ByteTokenizer;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A whole way of text-to-text on a tiny T5 that starts untrained: training, evaluation that writes, answers. */
class Text2TextJobTest extends RunsFixture {
    private static final List<String> DIGITS = List.of("one", "two", "three", "four", "five");

    private Path untrained() throws IOException {
        Path folder = ByteTokenizer.write(temp.resolve("t5"), true);
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "t5", "vocab_size": %d, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4,
                 "dropout_rate": 0.0, "feed_forward_proj": "gated-gelu", "decoder_start_token_id": 0, "eos_token_id": 1,
                 "pad_token_id": 0, "relative_attention_num_buckets": 8, "relative_attention_max_distance": 32}
                """.formatted(ByteTokenizer.SIZE));
        return folder;
    }

    private String numbers(String name) {
        List<String> lines = new ArrayList<>(List.of("source,target"));
        for (int i = 0; i < 40; i++) lines.add(DIGITS.get(i % 5) + "," + (1 + i % 5) + "!");
        return runs.file(name, lines);
    }

    private Recipe.Builder recipe(String name, String task, String train, Text2TextSettings settings)
            throws IOException {
        Path folder = untrained();
        return runs.recipe(
                        name,
                        b -> b.numTrainEpochs(25)
                                .learningRate(1e-2)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .seed(7))
                .untrainedModel(folder.resolve("config.json"), folder)
                .task(task)
                .train(train)
                .validation(train)
                .settings(settings);
    }

    @Test
    void aModelLearnsToWriteAboutTexts() throws IOException {
        String train = numbers("train.csv");
        Text2TextSettings settings = Text2TextSettings.builder()
                .sourcePrefix("say: ")
                .predictWithGenerate(true)
                .textMetrics(List.of("exact_match", "chrf"))
                .build();
        Recipe recipe = recipe("run", "text2text-generation", train, settings).build();
        assertThat(DataDoctor.check(recipe).lines())
                .extracting(Finding::text)
                .contains("source from source, target from target");
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        Map<String, Double> results = done.allResults();
        assertThat(results.get("eval_exact_match")).isEqualTo(100.0);
        assertThat(results.get("eval_gen_len")).as("a digit, a mark, an end").isEqualTo(3.0);
        assertThat(results)
                .containsKeys("eval_loss", "eval_perplexity", "eval_chrf")
                .doesNotContainKey("eval_rouge1");
        Path output = runs.output("run");
        JsonNode config = Golden.json(output.resolve("config.json"));
        assertThat(config.get("architectures").get(0).stringValue()).isEqualTo("T5ForConditionalGeneration");
        assertThat(output.resolve("README.md")).content().contains("AutoModelForSeq2SeqLM");

        assertThat(Job.evaluate(output, train, TrainingListener.SILENT).get("eval_exact_match"))
                .isEqualTo(100.0);
        try (Text2TextPipeline writer = Text2TextPipeline.load(output.toString())) {
            assertThat(writer.predict("three")).isEqualTo("3!");
            List<String> pieces = new ArrayList<>();
            writer.answer("four", pieces::add);
            assertThat(pieces).containsExactly("4", "!");
            assertThat(writer.json(writer.answer(List.of("one")).get(0)))
                    .isEqualTo(List.of(Map.of("generated_text", "1!")));
            CrossAttention looks = writer.attention("four");
            assertThat(looks.written()).startsWith("4").endsWith("</s>");
            assertThat(looks.read()).endsWith("</s>");
            assertThat(looks.layers()).isNotEmpty().allSatisfy(layer -> {
                assertThat(layer)
                        .hasDimensions(looks.written().size(), looks.read().size());
                for (float[] shares : layer) {
                    double sum = 0;
                    for (float share : shares) sum += share;
                    assertThat(sum).isCloseTo(1, within(1e-5));
                }
            });
            Dataset rows = Datasets.of("rows", List.of(Map.of("source", "two"), Map.of("source", " ")));
            assertThat(writer.answer(List.of(writer.input(rows, 0))).get(0).text())
                    .isEqualTo("2!");
            assertThatThrownBy(() -> writer.input(rows, 1))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("the text in column \"source\" is empty");
        }
        Text2TextAnswers beams = Text2TextAnswers.builder()
                .generation(GenerationArguments.builder()
                        .numBeams(3)
                        .numReturnSequences(2)
                        .build())
                .build();
        try (Text2TextPipeline writer = Text2TextPipeline.load(FineTuned.open(output.toString()), beams)) {
            List<String> texts = writer.answer(List.of("five")).get(0).texts();
            assertThat(texts).hasSize(2).startsWith("5!").doesNotHaveDuplicates();
        }
    }

    @Test
    void summariesAndTranslationsHaveNamesOfTheirOwn() throws IOException {
        String train = runs.file(
                "pairs.jsonl",
                "{\"translation\": {\"en\": \"one\", \"de\": \"eins\"}}",
                "{\"translation\": {\"en\": \"two\", \"de\": \"zwei\"}}");
        Text2TextSettings settings = Text2TextSettings.builder()
                .sourceColumn("translation.en")
                .targetColumn("translation.de")
                .build();
        Job.train(recipe("translated", "translation", train, settings).build(), TrainingListener.SILENT);
        Path output = runs.output("translated");
        assertThat(Golden.json(output.resolve("run.json")).get("task").stringValue())
                .isEqualTo("translation");
        try (var pipeline = TrainedJob.pipeline(TrainedOptions.of(output.toString(), null, new RecipeReader()))) {
            assertThat(name(pipeline, "two")).isEqualTo("[{translation_text=zwei}]");
        }
        try (var pipeline =
                TrainedJob.pipeline(TrainedOptions.of(output.toString(), "summarization", new RecipeReader()))) {
            assertThat(name(pipeline, "one")).isEqualTo("[{summary_text=eins}]");
        }
    }

    private static <I, O> String name(dev.attune.task.Pipeline<I, O> pipeline, String text) {
        return pipeline.json(pipeline.answer(List.of(pipeline.input(text))).get(0))
                .toString();
    }

    @Test
    void mistakes() throws IOException {
        assertThatThrownBy(
                        () -> Text2TextSettings.builder().generationNumBeams(4).build())
                .isInstanceOf(ContradictionException.class)
                .hasMessageContaining("predict_with_generate is false");
        assertThatThrownBy(() -> Text2TextSettings.builder()
                        .predictWithGenerate(true)
                        .textMetrics(List.of("rogue"))
                        .build())
                .isInstanceOf(ContradictionException.class)
                .hasMessageContaining("Did you mean \"rouge\"?");
        for (String target : List.of("", "\"\"", "\"  \"")) {
            String empty = runs.file("empty.csv", "source,target", "one,1", "two," + target);
            Recipe recipe = recipe("empty", "text2text-generation", empty, Text2TextSettings.DEFAULT)
                    .build();
            assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                    .isInstanceOf(DataException.class)
                    .hasMessage("empty.csv line 3: the text in column \"target\" is "
                            + (target.isEmpty() ? "null" : "empty")
                            + ". Give it a text, or remove the row.");
        }
        String three = runs.file("three.csv", "a,b,c", "1,2,3");
        Recipe unclear = recipe("unclear", "text2text-generation", three, Text2TextSettings.DEFAULT)
                .build();
        assertThatThrownBy(() -> Job.train(unclear, TrainingListener.SILENT))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Set source_column and target_column.");
    }

    /** The config of t5-small has them; a run without is a run that learns them anew. */
    @Test
    void aPrefixThatIsMissingIsSaid() throws IOException {
        String train = runs.file("train.csv", "document,summary", "one,1", "two,2");
        String prefixes = """
                {"model_type": "t5", "task_specific_params": {
                  "summarization": {"prefix": "summarize: ", "num_beams": 4},
                  "translation_en_to_de": {"prefix": "translate English to German: "}, "strange": 3},""";
        String said = "source_prefix is not set, but the model was pretrained with words before each text:"
                + " \"summarize: \" (summarization), \"translate English to German: \" (translation_en_to_de). Set ";
        String none = ", or the model has to learn without them.";
        assertThat(prefixNotes(train, "summarization", prefixes, null))
                .containsExactly(said + "source_prefix: \"summarize: \"" + none);
        assertThat(prefixNotes(train, "text2text-generation", prefixes, null))
                .containsExactly(said + "source_prefix to those of your task" + none);
        assertThat(prefixNotes(train, "summarization", prefixes, "summarize: ")).isEmpty();
        assertThat(prefixNotes(train, "summarization", "{\"model_type\": \"t5\",", null))
                .as("a model that names none")
                .isEmpty();
    }

    /** What a training and a check say of prefixes, which is the same. */
    private List<String> prefixNotes(String train, String task, String head, @Nullable String prefix)
            throws IOException {
        Text2TextSettings settings = Text2TextSettings.builder()
                .sourceColumn("document")
                .targetColumn("summary")
                .sourcePrefix(prefix)
                .build();
        Recipe.Builder builder = recipe("prefix", task, train, settings).overwrite(true);
        Path config = temp.resolve("t5").resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("{\"model_type\": \"t5\",", head));
        List<String> notes = new ArrayList<>();
        Job.train(builder.build(), Runs.notesInto(notes));
        notes.removeIf(note -> !note.contains("source_prefix"));
        assertThat(DataDoctor.check(builder.build()).lines())
                .extracting(Finding::text)
                .filteredOn(line -> line.contains("source_prefix"))
                .isEqualTo(notes);
        return notes;
    }

    @Test
    void vocabulariesLargerThanTheEmbeddingsAreRefused() throws IOException {
        String train = numbers("train.csv");
        Recipe recipe = recipe("larger", "text2text-generation", train, Text2TextSettings.DEFAULT)
                .build();
        Path folder = temp.resolve("t5");
        Path config = folder.resolve("config.json");
        String fits = Files.readString(config);
        Files.writeString(config, fits.replace("\"vocab_size\": " + ByteTokenizer.SIZE, "\"vocab_size\": 200"));
        String sentence = " has " + ByteTokenizer.SIZE
                + " tokens, but the model has embeddings for 200 tokens, ids 0 to 199:"
                + " they do not belong together (" + config + ", vocab_size). Use the tokenizer that the model was"
                + " trained with.";
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
                .hasMessage("The tokenizer" + sentence);
        // What is read fits, what is written does not.
        Files.move(folder.resolve("tokenizer.json"), folder.resolve("target_tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "Whitespace"},
                 "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<pad>": 0, "</s>": 1, "<unk>": 2}}}
                """);
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .hasMessage("The tokenizer of targets" + sentence);
    }

    @Test
    void lengthsOfWhatIsWrittenAreChecked() throws IOException {
        String train = runs.file("train.csv", "source,target", "one,1", "two,2");
        Job.train(
                recipe("short", "text2text-generation", train, Text2TextSettings.DEFAULT)
                        .build(),
                TrainingListener.SILENT);
        Text2TextAnswers asked = Text2TextAnswers.builder()
                .generation(GenerationArguments.builder().maxLength(1).build())
                .build();
        try (Text2TextPipeline writer =
                Text2TextPipeline.load(FineTuned.open(runs.output("short").toString()), asked)) {
            assertThatThrownBy(() -> writer.predict("one"))
                    .isInstanceOfSatisfying(
                            ConfigException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                    .hasMessage("generation_max_length is 1, but every text begins with a start token, which count."
                            + " Raise it, or give max_new_tokens instead.");
        }
    }

    @Test
    void longTargetsAreCutAndCounted() throws IOException {
        String train = runs.file("long.csv", "source,target", "one,1", "two," + "2".repeat(300));
        List<String> notes = new ArrayList<>();
        Job.train(
                recipe("long", "text2text-generation", train, Text2TextSettings.DEFAULT)
                        .build(),
                new TrainingListener() {
                    @Override
                    public void onMessage(String text) {
                        notes.add(text);
                    }
                });
        assertThat(notes)
                .contains(
                        "long.csv: 1 of 2 texts in \"target\" are longer than 128 tokens and were cut (the first is long.csv line 3)."
                                + " Raise max_target_length.");
    }
}
