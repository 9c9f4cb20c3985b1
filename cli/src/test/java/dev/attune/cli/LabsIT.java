package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The labs of this repository: what is stored in them, and, with the models they name, each in its short form. */
class LabsIT {
    @TempDir
    Path temp;

    @BeforeEach
    void useTheRepository() {
        System.setProperty(
                "attune.home", Path.of("..").toAbsolutePath().normalize().toString());
    }

    @AfterEach
    void forgetHome() {
        System.clearProperty("attune.home");
    }

    /** Named without the property, since parameters are found before it is set. */
    static List<String> labs() throws IOException {
        try (var files = Files.list(Path.of("..", "labs"))) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .map(LabFiles::name)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreLabs() throws IOException {
        assertThat(labs())
                .contains("fill-mask", "fine-tuning", "question-answering", "text-generation", "text-to-text");
    }

    @ParameterizedTest
    @MethodSource("labs")
    void whatIsStoredIsWholeAndOfNoMachine(String lab) throws IOException {
        Path file = LabFiles.require(lab);
        assertThat(Notebook.read(file).title()).isNotEmpty();
        JsonNode root = JsonMapper.shared().readTree(file);
        assertThat(root.at("/metadata/kernelspec/name").asString("")).isEqualTo("rapaio-jupyter-kernel");
        int outputs = 0;
        for (JsonNode cell : root.path("cells")) {
            for (JsonNode output : cell.path("outputs")) {
                outputs++;
                assertThat(output.path("output_type").asString("")).isNotEqualTo("error");
                assertThat(output.toString()).doesNotContain("file:/", "/root/", "/home/", "/tmp/", "/work/", "C:\\\\");
            }
        }
        assertThat(outputs).as("stored outputs").isPositive();
    }

    @ParameterizedTest
    @MethodSource("labs")
    @EnabledIfSystemProperty(named = "attune.long", matches = "true", disabledReason = "minutes: mvn verify -Plong")
    void runsInItsShortForm(String lab) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "lab",
                lab,
                "--short",
                "--output",
                temp.resolve(lab).toString());
        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString()).contains(", as expected");
    }
}
