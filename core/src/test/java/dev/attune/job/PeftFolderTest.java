package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.CheckpointException;
import dev.attune.model.Golden;
import dev.attune.task.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A folder as PEFT's {@code save_pretrained} leaves it, with no tokenizer, no config.json and no record of a run, answers as
 * PEFT does. Made by {@code parity/make_lora_golden.py}.
 */
class PeftFolderTest {
    private static final int WORDS = 60;

    @TempDir
    Path temp;

    private Path base;
    private Path adapter;

    @BeforeEach
    void folders() throws IOException {
        base = copy(Golden.path("train/model"), temp.resolve("base"));
        // Words of letters alone, which the tokenizer does not take apart.
        List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        while (vocabulary.size() < WORDS) vocabulary.add(word(vocabulary.size()));
        Files.write(base.resolve("vocab.txt"), vocabulary);
        adapter = copy(Golden.path("adapt/adapter"), temp.resolve("adapter"));
        rename(base.toString());
    }

    @Test
    void answersAsPeftDoes() {
        JsonNode logits = Golden.json(Golden.path("adapt/expected.json")).get("logits");
        TrainedOptions options = TrainedOptions.of(adapter.toString());
        assertThat(options.task().key()).isEqualTo("text-classification");
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(options)) {
            for (int i = 0; i < logits.size(); i++) {
                double[] expected = softmax(logits.get(i));
                int best = IntStream.range(0, 3).reduce(0, (a, b) -> expected[b] > expected[a] ? b : a);
                Map<?, ?> answer = answer(pipeline, text(i));
                assertThat(answer.get("label")).isEqualTo("LABEL_" + best);
                assertThat((double) answer.get("score")).isCloseTo(expected[best], within(1e-5));
            }
        }
    }

    @Test
    void aBaseThatIsNowhereIsSaid() throws IOException {
        rename("tiny-bert");
        assertThatThrownBy(() -> TrainedOptions.of(adapter.toString()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is an adapter, but its base model is not there: looked for tiny-bert.");
    }

    private void rename(String model) throws IOException {
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\"base_model_name_or_path\": \"[^\"]*\"",
                                "\"base_model_name_or_path\": \"" + model + "\""));
    }

    private static Map<?, ?> answer(Pipeline<?, ?> pipeline, String text) {
        List<Object> answers = new ArrayList<>();
        try {
            Predictor.texts(pipeline, List.of(text), (row, json, cells) -> answers.add(json));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return (Map<?, ?>) answers.get(0);
    }

    private static double[] softmax(JsonNode logits) {
        double[] powers =
                logits.valueStream().mapToDouble(x -> Math.exp(x.doubleValue())).toArray();
        double sum =
                IntStream.range(0, powers.length).mapToDouble(i -> powers[i]).sum();
        return IntStream.range(0, powers.length)
                .mapToDouble(i -> powers[i] / sum)
                .toArray();
    }

    /** A row of the golden data in words, without the tokens that the tokenizer adds. */
    private static String text(int row) {
        int[] ids =
                Golden.ints(Golden.json(Golden.path("train/data.json")).get(row).get("ids"));
        return IntStream.range(1, ids.length - 1).mapToObj(i -> word(ids[i])).collect(Collectors.joining(" "));
    }

    private static String word(int id) {
        return "w" + (char) ('a' + id / 26) + (char) ('a' + id % 26);
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : (Iterable<Path>) files::iterator) Files.copy(file, to.resolve(file.getFileName()));
        }
        return to;
    }
}
