package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.CheckpointException;
import dev.attune.model.Golden;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Pipeline;
import dev.attune.text.ByteTokenizer;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The recipes whose model the reader supplies, on tiny models with random weights; only these weights are not the recipes'. */
class SuppliedModelRecipesTest extends RunsFixture {
    private static final String T5 = """
            {"model_type": "t5", "vocab_size": %d, "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2,
             "decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "relative_attention_num_buckets": 8,
             "relative_attention_max_distance": 16}""";

    private static final String LLAMA = """
            {"model_type": "llama", "vocab_size": %d, "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1,
             "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 512, "bos_token_id": 1,
             "eos_token_id": 1, "tie_word_embeddings": true}""";

    /** A folder of a model as one that is downloaded. */
    private Path pretrained(String config, Head head) throws IOException {
        Path folder = ByteTokenizer.write(temp.resolve("supplied"), head == Head.SEQUENCE_TO_SEQUENCE);
        LoadedModel loaded = Models.untrained(ModelConfig.parse(config.formatted(ByteTokenizer.SIZE)), head);
        try (PretrainedModel model = loaded.model()) {
            model.save(folder);
        }
        return folder;
    }

    private RecipeReader reader(String name) throws IOException {
        Path yaml = ShippedRecipesTest.recipes().stream()
                .filter(file -> file.endsWith(name + ".yaml"))
                .findFirst()
                .orElseThrow();
        return new RecipeReader()
                .file(yaml)
                .flag("--output-dir", runs.output(name).toString())
                .flag("--max-steps", "4")
                .flag("--logging-steps", "1")
                .flag("--max-eval-samples", "4");
    }

    private Map<String, Double> trained(String name, Path model, List<String> notes) throws IOException {
        Recipe recipe = reader(name).flag("--model", model.toString()).forTraining();
        TrainSummary done = Job.train(recipe, Runs.notesInto(notes));
        assertThat(runs.output(name).resolve("metrics.jsonl")).content().contains("\"step\":4,");
        Map<String, Double> results = done.allResults();
        assertThat(results.get("train_loss")).isFinite().isPositive();
        assertThat(results.get("eval_loss")).isFinite().isPositive();
        return results;
    }

    @ParameterizedTest
    @CsvSource({"summarization, eval_rougeLsum, summary_text", "translation, eval_chrf, translation_text"})
    void aPretrainedT5IsTrainedAndWrites(String name, String metric, String answer) throws IOException {
        List<String> notes = new ArrayList<>();
        Map<String, Double> results = trained(name, pretrained(T5, Head.SEQUENCE_TO_SEQUENCE), notes);

        assertThat(results).containsKeys(metric, "eval_gen_len");
        JsonNode run = Golden.json(runs.output(name).resolve("run.json"));
        assertThat(run.get("task").stringValue()).isEqualTo(name);
        try (var pipeline =
                TrainedJob.pipeline(TrainedOptions.of(runs.output(name).toString(), null, new RecipeReader()))) {
            assertThat(answer(pipeline)).startsWith("[{" + answer + "=");
        }
    }

    private static <I, O> String answer(Pipeline<I, O> pipeline) {
        return pipeline.json(pipeline.answer(List.of(pipeline.input("The library opens at nine.")))
                        .get(0))
                .toString();
    }

    @Test
    void instructionsTrainAdaptersOnTheAnswersOnly() throws IOException {
        Path model = pretrained(LLAMA, Head.CAUSAL_LM);
        trained("instructions", model, new ArrayList<>());

        Path output = runs.output("instructions");
        assertThat(output.resolve("model.safetensors")).doesNotExist();
        JsonNode adapter = Golden.json(output.resolve("adapter_config.json"));
        assertThat(adapter.get("task_type").stringValue()).isEqualTo("CAUSAL_LM");
        assertThat(adapter.get("r").intValue()).isEqualTo(8);
        assertThat(adapter.get("base_model_name_or_path").stringValue()).contains(model.toString());
        Recipe recipe = reader("instructions").flag("--model", model.toString()).forTraining();
        JobData data = JobData.read(recipe, Hooks.NONE);
        assertThat(data.task().columns()).isEqualTo("prompt from prompt, completion from completion");
        for (int row = 0; row < data.train().size(); row++) {
            assertThat((String) data.train().value(row, "prompt")).endsWith("Answer:");
            assertThat((String) data.train().value(row, "completion")).matches(" \\S.*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"instructions", "summarization", "translation"})
    void withoutTheFolderItIsSaidWhatToDo(String name) throws IOException {
        Recipe recipe = reader(name).forTraining();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
                .hasMessageMatching(
                        "There is no folder ./models/\\S+ \\(looked at /.*/models/\\S+\\)\\. Put the files of a model"
                                + " there, or name the folder that has them: key model, --model path/to/folder\\.");
        assertThat(Files.exists(runs.output(name).resolve("run.json"))).isFalse();
    }
}
