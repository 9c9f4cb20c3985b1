package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.task.Description;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ModelCardTest {
    @Test
    void tellsWhatTheHubWantsToKnow() {
        JsonNode front = frontMatter(full().render());

        assertThat(front.get("library_name").asString()).isEqualTo("transformers");
        assertThat(front.get("base_model").asString()).isEqualTo("google-bert/bert-base-uncased");
        assertThat(front.get("pipeline_tag").asString()).isEqualTo("text-classification");
        assertThat(strings(front.get("tags"))).containsExactly("attune", "generated_from_trainer");
        assertThat(strings(front.get("metrics"))).containsExactly("accuracy", "f1", "matthews_correlation");
        assertThat(front.has("license")).isFalse();
    }

    @Test
    void hasEverySectionInOrder() {
        assertThat(full().render())
                .containsSubsequence(
                        "# spam-model\n",
                        "fine-tuned from `google-bert/bert-base-uncased`",
                        "one of 2 labels",
                        "## Results",
                        "| `eval_accuracy` | 0.9885 |",
                        "| `eval_samples` | 1115 |",
                        "```text\nprecision\n```",
                        "![Loss](loss%20curve.svg)",
                        "## Training",
                        "| `learning_rate` | `5e-05` |",
                        "## Data",
                        "| train | `train.csv` | 4459 | `text`, `label` | `abc123` |",
                        "## Labels",
                        "| 1 | `spam` |",
                        "## Use",
                        "attune predict --model",
                        "TextClassificationPipeline.load(",
                        "pipeline(\"text-classification\"",
                        "from_pretrained(",
                        "## Versions",
                        "- Java 17.0.15\n");
    }

    @Test
    void emptySectionsAreLeftOut() {
        String card = new ModelCard("bare", classes(List.of())).render();
        assertThat(card).doesNotContain("## Results", "## Training", "## Data", "## Labels", "## Versions", "null");
        assertThat(frontMatter(card).has("base_model")).isFalse();
        assertThat(frontMatter(card).has("metrics")).isFalse();
    }

    @Test
    void localFoldersAndPasswordsAreNotPublished() {
        String card = new ModelCard("private", classes(List.of()))
                .baseModel("/home/jane/models/my-bert", "")
                .hyperparameters(Map.of("output_dir", "C:\\Users\\jane\\runs\\one"))
                .data(List.of(
                        new ModelCard.Data(
                                "train", "jdbc:postgresql://db/x?user=jane&password=s3cret", 1, List.of(), "0"),
                        new ModelCard.Data("validation", "jdbc:x://jane:s3cret@db/x", 1, List.of(), "0")))
                .render();

        assertThat(card).contains("`my-bert`", "`one`", "password=***", "://jane:***@db");
        assertThat(card).doesNotContain("s3cret", "/home/jane", "Users");
        assertThat(frontMatter(card).has("base_model")).isFalse();
    }

    @Test
    void foldersInsideAQueryAreNotPublished() {
        String query = "SELECT * FROM '/home/jane/x.csv' JOIN \"C:\\Users\\jane\\y.csv\" USING (id)"
                + " JOIN 'data/z.csv' USING (id) WHERE a / b > 2 AND url = 'https://host/a/b'";
        assertThat(Published.text(query))
                .isEqualTo("SELECT * FROM 'x.csv' JOIN \"y.csv\" USING (id)"
                        + " JOIN 'data/z.csv' USING (id) WHERE a / b > 2 AND url = 'https://host/a/b'");
        assertThat(Published.text("jdbc:duckdb:/home/jane/shop.duckdb: SELECT 1"))
                .isEqualTo("jdbc:duckdb:shop.duckdb: SELECT 1");
        assertThat(Published.text("jdbc:h2:C:/Users/jane/shop;MODE=x")).isEqualTo("jdbc:h2:shop;MODE=x");
        assertThat(Published.text("jdbc:postgresql://db:5432/shop?ssl=true"))
                .isEqualTo("jdbc:postgresql://db:5432/shop?ssl=true");
    }

    @Test
    void textFromOutsideIsNotMarkup() {
        String card = new ModelCard(
                        "a\n---\n# b <script> [x](y) *z*", classes(List.of("a|b", "`tick`", "line\nbreak", "<b>", "")))
                .hyperparameters(Map.of("key\n|", "a|b\n\n# head"))
                .report("```\n# not a heading")
                .render();

        assertThat(card)
                .contains("# a --- \\# b \\<script\\> \\[x\\](y) \\*z\\*\n")
                .contains(
                        "| 0 | `a\\|b` |\n",
                        "| 1 | `` `tick` `` |\n",
                        "| 2 | `line break` |\n",
                        "| 3 | `<b>` |\n",
                        "| 4 |  |\n")
                .contains("| `key \\|` | `a\\|b # head` |\n")
                .contains("````text\n```\n# not a heading\n````\n");
        assertThat(card.lines().filter("---"::equals))
                .as("only the front matter")
                .hasSize(2);
    }

    @Test
    void hostileBaseModelCannotLeaveTheFrontMatter() {
        String card = new ModelCard("x", classes(List.of()))
                .baseModel("org/name\nlicense: mit", "")
                .render();
        assertThat(frontMatter(card).propertyNames()).containsExactly("library_name", "pipeline_tag", "tags");
    }

    @Test
    void yamlWordsStayStrings() {
        assertThat(frontMatter(new ModelCard("x", classes(List.of()))
                                .baseModel("no", "")
                                .render())
                        .get("base_model")
                        .isString())
                .isTrue();
        assertThat(frontMatter(new ModelCard("x", classes(List.of()))
                                .baseModel("1e3", "")
                                .render())
                        .get("base_model")
                        .isString())
                .isTrue();
    }

    @Test
    void manyLabelsAreFolded() {
        List<String> labels = IntStream.range(0, 77).mapToObj(i -> "label " + i).toList();
        assertThat(new ModelCard("x", classes(labels)).render())
                .contains("<summary>All 77 labels</summary>\n\n| id | label |", "| 76 | `label 76` |");
    }

    private static Description classes(List<String> labels) {
        return new Description(
                "text-classification",
                "A text classification model",
                "It gives a text one of " + labels.size() + " labels.",
                labels,
                "attune predict --model path/to/model",
                "TextClassificationPipeline.load(\"path/to/model\")",
                List.of("pipeline(\"text-classification\")", "from_pretrained(\"path/to/model\")"));
    }

    private static ModelCard full() {
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("eval_loss", 0.04567);
        results.put("eval_accuracy", 0.98847);
        results.put("eval_f1_macro", 0.97);
        results.put("eval_f1_weighted", 0.98);
        results.put("eval_mcc", 0.95);
        results.put("eval_samples", 1115.0);
        return new ModelCard("spam-model", classes(List.of("ham", "spam")))
                .baseModel("google-bert/bert-base-uncased", "")
                .results(results)
                .report("precision\n")
                .picture("loss curve.svg", "Loss")
                .hyperparameters(Map.of("learning_rate", "5e-05"))
                .data(List.of(new ModelCard.Data("train", "train.csv", 4459, List.of("text", "label"), "abc123")))
                .versions(Map.of("Java", "17.0.15"));
    }

    private static JsonNode frontMatter(String card) {
        assertThat(card).startsWith("---\n");
        return YAMLMapper.shared().readTree(card.substring(4, card.indexOf("\n---\n", 4) + 1));
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
