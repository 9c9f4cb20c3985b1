package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.attune.job.search.RecipeJsonSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** An editor with the JSON Schema marks what the reader of recipes refuses, and nothing that it takes. */
class RecipeJsonSchemaTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JsonMapper.shared().<JsonNode>valueToTree(RecipeJsonSchema.map()));

    private static List<Error> wrong(String yaml) {
        return SCHEMA.validate(new YAMLMapper().readTree(yaml));
    }

    @Test
    void recipesThatAreShipped() throws IOException {
        Path folder = Path.of("recipes");
        if (!Files.isDirectory(folder)) folder = Path.of("..", "recipes");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> recipes =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(recipes).isNotEmpty();
            for (Path recipe : recipes)
                assertThat(wrong(Files.readString(recipe)))
                        .as(recipe.toString())
                        .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model: minilm\ntrain: train.csv\n",
                "model: minilm\ntrain: {jdbc: 'jdbc:duckdb:x', query: SELECT 1}\n",
                "model: minilm\ntrain_jdbc: jdbc:duckdb:x\ntrain_query: SELECT 1\n",
                "model: {config: c.json, tokenizer: t}\ntrain: a.csv\nvalidation: {jdbc: 'jdbc:duckdb:x', query: q}\n",
                "model: minilm\ntrain: a.csv\nsearch:\n  trials: 3\n  learning_rate: uniform(0, 1)\n  num_train_epochs: [1, 2]\n",
                "model: minilm\ntrain: a.csv\nlabels: [0, 1]\nrun_name: 7\nlabel_column: no\n",
                "model: minilm\ntrain: a.csv\nlabels: no, yes\nproblem_type:\nvalidation:\nmax_length:\n"
            })
    void whatTheReaderTakes(String yaml) {
        new RecipeReader().text("my.yaml", yaml, Path.of("")).forTraining();
        assertThat(wrong(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train: train.csv\n",
                "model: minilm\n",
                "model: minilm\ntrain: a.csv\nlerning_rate: 1\n",
                "model: minilm\ntrain: a.csv\nlearning_rate: fast\n",
                "model: minilm\ntrain: a.csv\nseed:\n",
                "model: minilm\ntrain: a.csv\nlr_scheduler_type: liner\n",
                "model: minilm\ntrain: {url: 'jdbc:duckdb:x', query: SELECT 1}\n",
                "model: minilm\ntrain: a.csv\nlabel_column: {a: b}\n"
            })
    void whatTheReaderRefuses(String yaml) {
        assertThat(catchThrowable(() ->
                        new RecipeReader().text("my.yaml", yaml, Path.of("")).forTraining()))
                .isNotNull();
        assertThat(wrong(yaml)).isNotEmpty();
    }
}
