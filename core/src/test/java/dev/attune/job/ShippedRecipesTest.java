package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each recipe that comes with Attune finds its data, and they are what the recipe says; nothing is trained here. */
class ShippedRecipesTest {
    /** They begin with a pretrained model that cannot be shipped, so they promise no numbers. */
    static final List<String> SUPPLIED = List.of("instructions", "summarization", "translation");

    static List<Path> recipes() throws IOException {
        Path folder = Files.isDirectory(Path.of("recipes")) ? Path.of("recipes") : Path.of("..", "recipes");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path yaml) {
        return yaml.getFileName().toString().replace(".yaml", "");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void dataAreFoundAndUnderstood(Path yaml) {
        Recipe recipe = new RecipeReader().file(yaml).forTraining();

        JobData data = JobData.read(recipe, Hooks.NONE);

        assertThat(data.task().notes()).isEmpty();
        assertThat(data.validation()).isNotNull();
        Set<List<@Nullable Object>> train = new HashSet<>(rows(data.train()));
        assertThat(train).as("rows that differ").hasSize(data.train().size());
        assertThat(rows(data.validation())).doesNotContainAnyElementsOf(train);
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void theFirstCommentsSayHowToTryIt(Path yaml) throws IOException {
        String name = name(yaml);

        assertThat(Files.readString(yaml))
                .containsPattern("\n#   attune train " + name + "( --model path/to/\\S+)?\n")
                .contains("#   attune predict --model runs/" + name + " ")
                .contains("\noutput_dir: runs/" + name + "\n");
        Path train = Path.of(
                new RecipeReader().file(yaml).forTraining().job().train().describe());
        assertThat(train.resolveSibling("README.md"))
                .as("says where the rows come from")
                .isRegularFile();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void whatIsExpectedIsMeasuredOrDependsOnTheReadersModel(Path yaml) throws IOException {
        String text = Files.readString(yaml);
        if (SUPPLIED.contains(name(yaml))) {
            assertThat(text)
                    .contains("\n# expected: depends on the model that you supply\n", "\nmodel: ./models/")
                    .contains("#   attune train " + name(yaml) + " --model path/to/")
                    .contains("\n# The model is to be supplied: ")
                    .doesNotContain("expected: eval_");
        } else {
            assertThat(text)
                    .contains("\n# expected: eval_", " (seed 42), ")
                    .doesNotContain("./models/", "depends on the model");
        }
    }

    /** The cells of every row. */
    private static List<List<@Nullable Object>> rows(Dataset data) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < data.size(); row++) {
            List<@Nullable Object> cells = new ArrayList<>();
            for (String column : data.columns()) cells.add(data.value(row, column));
            rows.add(cells);
        }
        return rows;
    }
}
