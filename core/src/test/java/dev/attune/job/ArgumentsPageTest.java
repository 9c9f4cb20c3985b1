package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/arguments.md} is made from the schema; with {@code -Dattune.write.docs=true} this test writes it. */
class ArgumentsPageTest {
    private static final String HEAD = """
            # Arguments

            <!-- Generated from TrainingArguments and Recipe; do not edit. README.md in this folder says how to make it again. -->

            Every key of a recipe, which is also a flag of `attune train`: `learning_rate: 1e-4` in YAML is
            `--learning-rate 1e-4` on the command line and `learningRate(1e-4)` in Java. `attune explain KEY` prints the same
            text. Names and defaults are those of Hugging Face's `TrainingArguments`; [differences.md](differences.md) lists the
            exceptions.

            """;

    @Test
    void pageIsCurrent() throws IOException {
        String page = HEAD + Recipe.schema().markdown().stripTrailing() + "\n";
        Path file = (Files.exists(Path.of("docs")) ? Path.of("docs") : Path.of("../docs")).resolve("arguments.md");
        if (Boolean.getBoolean("attune.write.docs")) Files.writeString(file, page);
        assertThat(file)
                .as("run mvn -B test -pl core -am -Dtest=ArgumentsPageTest -Dattune.write.docs=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false")
                .hasContent(page);
    }
}
