package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Encoded;
import dev.attune.data.Examples;
import dev.attune.model.TinyModel;
import dev.attune.task.Part;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextClassificationDataTest {
    private static final int TOKENS = 1000;
    /** More than fit into two bytes of a stored id: the cache keeps only what is large. */
    private static final int WORDS = 1 << 15;

    @TempDir
    Path temp;

    /** Only the note about unused labels is the training's own: with it a set is encoded twice, without it once. */
    @Test
    void whatAnEvaluationNeedsIsEncodedOnce() throws IOException {
        DataCache cache = DataCache.at(temp.resolve("cache"), 1L << 30);
        Dataset rows = largeEnoughToBeKept();
        TextClassificationSettings settings = TextClassificationSettings.builder()
                .labels(List.of("no", "yes", "perhaps"))
                .build();
        TinyModel.writeVocabulary(
                temp, IntStream.range(0, WORDS).mapToObj(word -> "w" + word).toList());
        TaskData data = new TextClassification()
                .prepare(settings, new TaskInput(rows, null, TaskOptions.DEFAULT, TaskInput.SEED, cache));
        try (Tokenizer tokenizer = Tokenizer.load(temp)) {
            Encoded train = data.encode(Part.TRAIN, rows, tokenizer, TOKENS, cache);
            Encoded validation = data.encode(Part.VALIDATION, rows, tokenizer, TOKENS, cache);
            Encoded test = data.encode(Part.TEST, rows, tokenizer, TOKENS, cache);
            try (Examples first = train.examples();
                    Examples second = validation.examples();
                    Examples third = test.examples()) {
                assertThat(train.kept()).isTrue();
                assertThat(train.notes()).containsExactly("No training row has the label perhaps.");
                assertThat(validation.fromCache()).isFalse();
                assertThat(validation.notes()).isEmpty();
                assertThat(test.fromCache()).isTrue();
                assertThat(test.notes()).isEmpty();
                assertThat(third.get(7, 0).ids())
                        .isEqualTo(second.get(7, 0).ids())
                        .isEqualTo(first.get(7, 0).ids());
            }
        }
    }

    private static Dataset largeEnoughToBeKept() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int row = 0; row < 800; row++) {
            int first = row;
            String text = IntStream.range(0, TOKENS - 2)
                    .mapToObj(word -> "w" + (WORDS / 2 + first + word))
                    .collect(Collectors.joining(" "));
            rows.add(Map.of("text", text, "label", row % 2 == 0 ? "no" : "yes"));
        }
        return Datasets.of("rows", rows);
    }
}
