package dev.attune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
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

    static void trainOnDatabase(TrainingArguments arguments) {
        // [readme]
        Dataset rows = Datasets.jdbc("jdbc:postgresql://host/shop", "SELECT body AS text, stars AS label FROM review");
        Recipe recipe = Recipe.builder()
                .model("minilm")
                .train("reviews") // a name for the records of the run
                .validationFraction(0.1)
                .training(arguments)
                .build();
        Job.train(recipe, rows, null, TrainingListener.SILENT);
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
