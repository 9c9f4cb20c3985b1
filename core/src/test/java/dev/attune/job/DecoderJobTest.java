package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.adapt.LoraConfig;
import dev.attune.model.Golden;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job whose model is a small GPT-2. */
class DecoderJobTest extends RunsFixture {
    private Path gpt2() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("gpt2"));
        Path golden = Golden.path("model/decoders/gpt2-question-a");
        Files.copy(golden.resolve("model.safetensors"), folder.resolve("model.safetensors"));
        String config = Files.readString(golden.resolve("config.json")).replaceFirst("\"pad_token_id\": 58,\\s*", "");
        Files.writeString(
                folder.resolve("config.json"), config.replace("\"eos_token_id\": 50256", "\"eos_token_id\": 27"));
        StringBuilder vocab = new StringBuilder("{\"\u0120\": 26, \"<|endoftext|>\": 27");
        for (char c = 'a'; c <= 'z'; c++)
            vocab.append(", \"").append(c).append("\": ").append(c - 'a');
        Files.writeString(folder.resolve("vocab.json"), vocab + "}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        return folder;
    }

    private Recipe.Builder recipe(String name) throws IOException {
        String train =
                runs.file("train.csv", "text,label", "good film,a", "bad film,b", "a good one,a", "what a bad one,b");
        return runs.recipe(name, b -> b.numTrainEpochs(20).learningRate(2e-2))
                .model(gpt2().toString())
                .train(train)
                .validation(train)
                .maxLength(32);
    }

    @Test
    void classifiesByTheLastTokenAndTellsPythonWhatToPadWith() throws IOException {
        Recipe recipe = recipe("run").build();
        List<String> notes = new ArrayList<>();
        TrainSummary done = Job.train(recipe, Runs.notesInto(notes));
        assertThat(notes)
                .contains(
                        "config.json has no pad_token_id; 27, the end of a text, was put in, because transformers asks for"
                                + " one.");
        assertThat(done.allResults().get("eval_accuracy")).isEqualTo(1.0);
        Path output = runs.output("run");
        JsonNode config = Golden.json(output.resolve("config.json"));
        assertThat(config.get("architectures").get(0).stringValue()).isEqualTo("GPT2ForSequenceClassification");
        assertThat(config.get("pad_token_id").intValue()).isEqualTo(27);
        JsonNode tokenizer = Golden.json(output.resolve("tokenizer_config.json"));
        assertThat(tokenizer.get("pad_token").stringValue()).isEqualTo("<|endoftext|>");
        try (TextClassificationPipeline pipeline = TextClassificationPipeline.load(output.toString())) {
            assertThat(pipeline.predict("good film").label()).isEqualTo("a");
            assertThat(pipeline.predict("bad film").label()).isEqualTo("b");
        }
    }

    @Test
    void adaptersStandOnTurnedWeights() throws IOException {
        Recipe recipe = recipe("adapter").lora(LoraConfig.DEFAULTS).build();
        Job.train(recipe, TrainingListener.SILENT);
        JsonNode adapter = Golden.json(runs.output("adapter").resolve("adapter_config.json"));
        assertThat(adapter.get("fan_in_fan_out").booleanValue()).isTrue();
        assertThat(adapter.get("target_modules").toString()).isEqualTo("[\"c_attn\"]");
        try (TextClassificationPipeline pipeline =
                TextClassificationPipeline.load(runs.output("adapter").toString())) {
            assertThat(pipeline.predict("good film").label()).isEqualTo("a");
            assertThat(pipeline.predict("bad film").label()).isEqualTo("b");
        }
    }
}
