package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.data.Example;
import dev.attune.hub.Hub;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.Labels;
import dev.attune.task.ProblemType;
import dev.attune.task.TextClassification;
import dev.attune.task.TextClassificationPipeline;
import dev.attune.task.TextEncoder;
import dev.attune.tensor.Rng;
import dev.attune.text.Tokenizer;
import dev.attune.train.Job;
import dev.attune.train.Recipe;
import dev.attune.train.Trainer;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Java of README.md, compiled. It is not run here: that would train. */
class ReadmeExampleTest {
    private static final String SOURCE = "core/src/test/java/dev/attune/ReadmeExampleTest.java";

    @Test
    void readmeShowsWhatIsCompiledHere() throws IOException {
        Path root = root();
        List<String> shown = blocks(Files.readAllLines(root.resolve("README.md")), "```java", "```");
        List<String> compiled = blocks(Files.readAllLines(root.resolve(SOURCE)), "// [readme]", "// [/readme]");
        assertThat(shown).hasSize(2).isEqualTo(compiled);
    }

    @Test
    void readmeNamesTheTestCommand() throws IOException {
        assertThat(Files.readString(root().resolve("README.md")))
                .containsOnlyOnce("<!-- test-command -->\n```bash\nmvn -B verify\n```\n");
    }

    static void trainOnFiles() {
        // [readme]
        TrainingArguments arguments = TrainingArguments.builder()
                .outputDir(Path.of("runs/mine"))
                .learningRate(1e-4)
                .build();
        Recipe recipe = Recipe.builder()
                .model("minilm")
                .train("train.csv")
                .validation("validation.csv")
                .training(arguments)
                .build();
        Job.train(recipe, TrainingListener.SILENT);
        try (var classifier = TextClassificationPipeline.load("runs/mine")) {
            System.out.println(classifier.predict("I lost my card").label());
        }
        // [/readme]
    }

    static void trainOnDatabase() {
        // [readme]
        Dataset rows = Datasets.jdbc("jdbc:postgresql://host/shop", "SELECT body AS text, stars AS label FROM review");
        Labels labels = Labels.infer(rows, "label", null, ProblemType.SINGLE_LABEL_CLASSIFICATION);
        Path base = Hub.resolve("minilm").directory();
        Path output = Path.of("runs/reviews");
        TrainingArguments arguments =
                TrainingArguments.builder().outputDir(output).learningRate(1e-4).build();
        Rng.seed(arguments.seed()); // a new head is drawn when the model is loaded
        try (Tokenizer tokenizer = Tokenizer.load(base);
                PretrainedModel model =
                        Models.sequenceClassifier(base, labels.names()).model()) {
            List<Example> examples = new TextEncoder(tokenizer, 128)
                    .encode(rows, "text", null, labels.read(rows, "label"))
                    .examples();
            TextClassification task = new TextClassification(model, labels.problem(), labels.names());
            new Trainer(arguments, task, examples, List.of(), TrainingListener.SILENT).run();
            model.save(output);
            tokenizer.save(output);
        }
        // [/readme]
    }

    /** The texts between lines that are {@code begin} and {@code end}, without their common indentation. */
    private static List<String> blocks(List<String> lines, String begin, String end) {
        List<String> blocks = new ArrayList<>();
        List<String> block = null;
        for (String line : lines) {
            if (line.strip().equals(begin)) {
                block = new ArrayList<>();
            } else if (block != null && line.strip().equals(end)) {
                blocks.add(String.join("\n", block).stripIndent());
                block = null;
            } else if (block != null) {
                block.add(line);
            }
        }
        return blocks;
    }

    /** The checkout: the tests run in its root or in the folder of their module. */
    private static Path root() {
        return Files.exists(Path.of(SOURCE)) ? Path.of("") : Path.of("..");
    }
}
