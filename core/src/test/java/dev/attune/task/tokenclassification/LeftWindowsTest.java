package dev.attune.task.tokenclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.model.Golden;
import dev.attune.task.FineTuned;
import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of a tokenizer that cuts at the left come from the end of the text, and the first may begin inside a word. */
class LeftWindowsTest {
    private static final Path MODEL = Golden.path("task/tokenclassification/model");

    @TempDir
    Path left;

    @Test
    void theFirstTokenOfAWordDecides() throws Exception {
        for (String file : List.of("config.json", "model.safetensors", "vocab.txt"))
            Files.copy(MODEL.resolve(file), left.resolve(file));
        Files.writeString(left.resolve("tokenizer_config.json"), "{\"truncation_side\": \"left\"}");
        // Six tokens, and windows of five: one has the whole first word, the other only its second token.
        List<String> rest = List.of("lives", "in", "good", "york", "the", "not");
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();
        TokenAnswers asked = TokenAnswers.builder()
                .aggregationStrategy(Aggregation.FIRST)
                .stride(4)
                .build();
        try (var right = TokenClassificationPipeline.load(
                        FineTuned.open(MODEL.toString()).withMaxLength(7), asked);
                var other = TokenClassificationPipeline.load(
                        FineTuned.open(left.toString()).withMaxLength(7), asked)) {
            for (String word : List.of("wolfgang", "berliner", "wolfly", "ts")) {
                for (int i = 0; i < 3; i++) {
                    List<String> words = new ArrayList<>(List.of(word));
                    words.addAll(rest.subList(i, i + 4));
                    TokenInput input = new TokenInput(String.join(" ", words), words);
                    expected.add(right.answer(List.of(input)).get(0).wordTags().get(0));
                    found.add(other.answer(List.of(input)).get(0).wordTags().get(0));
                }
            }
        }
        assertThat(found).isEqualTo(expected);
    }
}
