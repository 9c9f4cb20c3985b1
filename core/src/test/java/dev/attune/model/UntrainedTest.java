package dev.attune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.CheckpointException;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that start from a config file alone. */
class UntrainedTest {
    @TempDir
    Path temp;

    @Test
    void parametersAreInitialisedAsTheReferenceDoes() throws IOException {
        Path file =
                Files.writeString(temp.resolve("my.json"), TinyModel.config(0.1).toJson());
        Rng.seed(5);
        LoadedModel loaded = Models.untrainedSequenceClassifier(ModelConfig.read(file), List.of("a", "b", "c"));
        Map<String, float[]> values = values(loaded);
        assertThat(loaded.report().loaded()).isEmpty();
        assertThat(loaded.untrained()).hasSize(41).containsExactlyElementsOf(values.keySet());
        assertThat(loaded.notes()).containsExactly("All weights are random: the model starts untrained.");
        values.forEach((name, numbers) -> {
            if (name.contains("LayerNorm.weight")) assertThat(numbers).as(name).containsOnly(1f);
            else if (name.endsWith(".bias")) assertThat(numbers).as(name).containsOnly(0f);
            else assertThat(deviation(numbers)).as(name).isEqualTo(0.2, within(0.05)); // initializer_range
        });
        float[] words = values.get("bert.embeddings.word_embeddings.weight");
        assertThat(Arrays.copyOf(words, 16)).as("the row of [PAD]").containsOnly(0f);
        assertThatThrownBy(loaded::requireTrainedHead).isInstanceOf(CheckpointException.class);
    }

    @Test
    void theSeedDecidesEveryNumber() {
        Map<String, float[]> first = seeded(1);
        Map<String, float[]> again = seeded(1);
        Map<String, float[]> other = seeded(2);
        first.forEach((name, numbers) -> assertThat(again.get(name)).as(name).containsExactly(numbers));
        String query = "encoder.layer.1.attention.self.query.weight";
        assertThat(other.get(query)).isNotEqualTo(first.get(query));
    }

    private static Map<String, float[]> seeded(long seed) {
        Rng.seed(seed);
        return values(Models.untrainedBackbone(TinyModel.config(0)));
    }

    /** Copies the parameters and closes the model. */
    private static Map<String, float[]> values(LoadedModel loaded) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (PretrainedModel model = loaded.model();
                Scope scope = Scope.open()) {
            model.parameters()
                    .forEach((name, parameter) ->
                            values.put(name, parameter.value().toFloats()));
        }
        return values;
    }

    private static double deviation(float[] numbers) {
        double sum = 0;
        for (float number : numbers) sum += (double) number * number;
        return Math.sqrt(sum / numbers.length);
    }
}
