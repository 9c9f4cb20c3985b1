package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.job.search.KeptModels;
import dev.attune.job.search.RecipeYaml;
import dev.attune.job.search.SearchAlgorithm;
import dev.attune.job.search.SearchPlan;
import dev.attune.job.search.SearchReader;
import dev.attune.job.search.Space;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchReaderTest {
    private static final String HEAD = "model: minilm\ntrain: a.csv\nvalidation: v.csv\n";

    private static RecipeReader reader(String yaml) {
        return new RecipeReader().text("my.yaml", yaml, Path.of(""));
    }

    private static SearchPlan read(String yaml) {
        return SearchReader.read(reader(yaml));
    }

    @Test
    void settingsAndKeysStandBesideEachOther() {
        SearchPlan plan = read(HEAD + """
                lr_scheduler_type: cosine_with_restarts
                search:
                  algorithm: asha
                  trials: 7
                  seed: 3
                  reduction_factor: 3
                  keep: all
                  learning_rate: log_uniform(1e-5, 1e-3)
                  per_device_train_batch_size: [8, 16, 32]
                  num_train_epochs: int(1, 4)
                  lr_scheduler_kwargs: {num_cycles: 'choice(1, 2)'}
                """);
        assertThat(plan.arguments().algorithm()).isEqualTo(SearchAlgorithm.ASHA);
        assertThat(plan.arguments().trials()).isEqualTo(7);
        assertThat(plan.arguments().seed()).isEqualTo(3);
        assertThat(plan.arguments().reductionFactor()).isEqualTo(3);
        assertThat(plan.arguments().keep()).isEqualTo(KeptModels.ALL);
        assertThat(plan.space())
                .containsExactly(
                        Map.entry("learning_rate", Space.logUniform(1e-5, 1e-3)),
                        Map.entry("per_device_train_batch_size", Space.choice(8, 16, 32)),
                        Map.entry("num_train_epochs", Space.integers(1, 4)),
                        Map.entry("lr_scheduler_kwargs_num_cycles", Space.choice(1, 2)));
        assertThat(plan.recipe().training().seed()).as("that of the trainings").isEqualTo(42);
        assertThat(plan.metric().name()).isEqualTo("eval_loss");
        assertThat(plan.metric().greaterIsBetter()).isFalse();
    }

    @Test
    void aTrainingDoesNotLookAtIt() {
        String block = "search:\n  lerning_rate: 7\n";
        assertThat(reader(HEAD + block).forTraining()).isEqualTo(reader(HEAD).forTraining());
    }

    @Test
    void flagsAddAndReplace() {
        RecipeReader reader = reader(HEAD + "search:\n  learning_rate: uniform(0, 1)\n  trials: 3\n");
        reader.searchFlag("learning_rate", "choice(1e-5, 1e-4)").searchFlag("trials", "4");
        SearchPlan plan = SearchReader.read(reader.searchFlag("weight_decay", "uniform(0, 0.1)"));
        assertThat(plan.arguments().trials()).isEqualTo(4);
        assertThat(plan.space())
                .containsEntry("learning_rate", Space.choice("1e-5", "1e-4"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "learning_rate: log_uniform(1e-3, 1e-5) | learning_rate: log_uniform goes from 0.001 to 1e-5, but",
                "learning_rate: log_uniform(0, 1) | learning_rate: log_uniform begins at 0, which has no logarithm.",
                "lerning_rate: uniform(0, 1) | There is no key \"lerning_rate\" to search. Did you mean \"learning_rate\"?",
                "trails: 5 | There is no key \"trails\" to search. Did you mean \"trials\"?",
                "trials: 0 | trials is 0, but must be a whole number from 1 to 10000",
                "algorithm: tpa | algorithm is \"tpa\", but must be one of random, tpe, asha. Did you mean \"tpe\"?",
                "output_dir: [a, b] | output_dir cannot be searched: all trials have the same data, seed and measure",
                "train: [a.csv, b.csv] | train cannot be searched",
                "train_jdbc: [a, b] | train_jdbc cannot be searched",
                "data_seed: int(1, 5) | data_seed cannot be searched",
                "save_steps: int(1, 5) | save_steps cannot be searched",
                "seed: int(1, 5) | seed cannot be searched: below search it is the seed of the search, one number.",
                "doc_stride: int(1, 5) | doc_stride belongs to another task than text-classification. Delete it.",
                "per_device_train_batch_size: [8, eight] | choice(8, eight) has a value that cannot be: per_device_train_batch_size is \"eight\", but must be a whole number",
                "per_device_train_batch_size: uniform(8, 32) | per_device_train_batch_size is a whole number, but uniform(8, 32) gives others as well. Write int(…), or choice(…).",
                "num_train_epochs: int(0, 3) | int(0, 3) has a value that cannot be: num_train_epochs is 0.0, but must be a number, greater than 0",
                "lr_scheduler_type: [linear, cosinus] | choice(linear, cosinus) has a value that cannot be: lr_scheduler_type is \"cosinus\"",
                "bf16: uniform(0, 1) | uniform(0, 1) has a value that cannot be: bf16 is \"0.0\", but must be true or false.",
                "learning_rate: 1e-4 | learning_rate: \"1e-4\" is one value, and no space to search.",
                "learning_rate: | learning_rate has no value, but must be a space",
                "learning_rate: {low: 1, high: 2} | The space of learning_rate is one value. Write learning_rate: log_uniform(1e-5, 1e-3)"
            })
    void mistakesAreOneSentenceWithTheirLine(String line, String sentence) {
        String rest = line.startsWith("learning_rate") ? "" : "  learning_rate: uniform(0, 1)\n";
        assertThatThrownBy(() -> read(HEAD + "search:\n" + rest + "  " + line + "\n"))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("my.yaml:" + (rest.isEmpty() ? 5 : 6) + ": ")
                .contains(sentence);
    }

    @Test
    void withoutValidationDataNothingTellsTrialsApart() {
        assertThatThrownBy(() -> read("model: minilm\ntrain: a.csv\nsearch:\n  learning_rate: uniform(0, 1)\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("my.yaml:4: A search needs validation data, which tell the trials apart. Add validation, or"
                        + " validation_fraction: 0.1 to split it off the training data.");
    }

    @Test
    void withoutAKeyThereIsNothingToSearch() {
        assertThatThrownBy(() -> read(HEAD)).hasMessageStartingWith("There is no key to search. Add a block");
        assertThatThrownBy(() -> read(HEAD + "search: tpe\n")).hasMessageStartingWith("my.yaml:4: search is a block");
    }

    @Test
    void allMistakesComeTogether() {
        assertThatThrownBy(() -> read("model: minilm\nlerning_rate: 1\nsearch:\n  trials: x\n  epochs: int(2, 1)\n"))
                .hasMessageStartingWith("4 mistakes in the configuration:")
                .hasMessageContaining("my.yaml:2: There is no key \"lerning_rate\".")
                .hasMessageContaining("my.yaml:4: trials is \"x\"")
                .hasMessageContaining("my.yaml:5: There is no key \"epochs\" to search.")
                .hasMessageContaining("train is missing.");
    }

    /** The file that a recipe is written to is read as the same recipe. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "learning_rate: 1e-4",
                "label_column: no",
                "text_column: `null`",
                "labels: [no, `a, b`, '0']",
                "run_name: `#1: \"the first\" try`",
                "train: SELECT a AS text, b AS label FROM 'x.csv' -- 100% # all",
                "eval_strategy: no",
                "lr_scheduler_type: polynomial",
                "validation_sets: [one=1.csv, two=x/2.csv]",
                "output_dir: /tmp/a folder/1e-4",
                "bf16: true",
                "run_name: 0x10",
                "run_name: 1_000"
            })
    void aRecipeThatIsWrittenIsReadAgain(String line) {
        String yaml = "model: minilm\n" + (line.startsWith("train:") ? "" : "train: a.csv\n") + "validation: v.csv\n";
        Recipe recipe = reader(yaml + line.replace("`", "'") + "\n").forTraining();
        String written = RecipeYaml.of(recipe, "A comment\nof two lines");
        assertThat(written).startsWith("# A comment\n# of two lines\n");
        assertThat(reader(written).forTraining()).as(written).isEqualTo(recipe);
    }
}
