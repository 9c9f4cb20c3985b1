package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class LabTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path home;

    @BeforeEach
    void install() throws IOException {
        Files.createDirectories(home.resolve("labs"));
        System.setProperty("attune.home", home.toString());
    }

    @AfterEach
    void forgetHome() {
        System.clearProperty("attune.home");
    }

    private int attune(String... args) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    /** A cell of code; one that starts with # is a text. */
    private void lab(String name, String... cells) throws IOException {
        List<Map<String, ?>> all = new ArrayList<>();
        for (String cell : cells) {
            all.add(Map.of("cell_type", cell.startsWith("#") ? "markdown" : "code", "source", List.of(cell)));
        }
        Files.writeString(
                home.resolve("labs/" + name + ".ipynb"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "nbformat",
                                4,
                                "metadata",
                                Map.of("kernelspec", Map.of("language", "java")),
                                "cells",
                                all)));
    }

    @Test
    void cellsRunInOrderInThisJvm() throws IOException {
        lab(
                "sums",
                "# Sums\nA text.",
                "%%jars\nno/such/folder",
                "%magic\nint twice(int x) { return 2 * once(x); }\nint once(int x) { return x; }",
                "// only a comment",
                "int six = twice(3); // three\nSystem.out.println(\"six \" + six + \" \u0628\u0627\u0628\");",
                "dev.attune.cli.Main.class.getSimpleName() + six");
        assertThat(attune("lab", "sums")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsSubsequence("# Sums\nA text.", "| int six", "six 6 \u0628\u0627\u0628\n", "\"Main6\"\n")
                .doesNotContain("%");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aLabKnowsItsFolderAndWhetherItIsShort() throws IOException {
        lab(
                "knows",
                "System.out.println(System.getProperty(\"attune.lab.output\") + Boolean.getBoolean(\"attune.lab.short\"))");
        assertThat(attune("lab", "knows")).isZero();
        assertThat(out.toString()).contains(Path.of("runs", "lab-knows") + "false");
        assertThat(attune("lab", "knows", "--short", "--output", "elsewhere")).isZero();
        assertThat(out.toString()).contains("elsewheretrue");
        assertThat(System.getProperty("attune.lab.short")).isNull();
    }

    @Test
    void aCellThatThrowsStopsTheLab() throws IOException {
        lab(
                "wrong",
                "# W",
                "int x = 1;\nthrow new IllegalStateException(\"off by \" + x);",
                "System.out.println(\"after\")");
        assertThat(attune("lab", "wrong")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("attune: Cell 2 of ")
                .contains("wrong.ipynb", "it threw java.lang.IllegalStateException: off by 1")
                .doesNotContain("\tat ");
        assertThat(out.toString()).doesNotContain("after\n");
    }

    @Test
    void anErrorOfAttuneKeepsItsExitCode() throws IOException {
        lab("data", "throw new dev.attune.error.DataException(\"no rows\");");
        assertThat(attune("lab", "data")).isEqualTo(3);
        assertThat(err.toString()).contains("no rows");
    }

    @Test
    void aCellThatDoesNotCompileStopsTheLab() throws IOException {
        lab("type", "int x = \"a\";");
        assertThat(attune("lab", "type")).isEqualTo(1);
        assertThat(err.toString()).contains("Cell 1", "does not compile", "String cannot be converted to int");
    }

    @Test
    void whatACellUsesMustBeThere() throws IOException {
        lab("lacks", "int f() { return g(); }");
        assertThat(attune("lab", "lacks")).isEqualTo(1);
        assertThat(err.toString()).contains("it lacks method g()");
    }

    @Test
    void aCellMustNotEndTooEarly() throws IOException {
        lab("open", "for (int i = 0; i < 3; i++) {");
        assertThat(attune("lab", "open")).isEqualTo(1);
        assertThat(err.toString()).contains("ends too early");
    }

    @Test
    void labsAreListedWithTheirTitles() throws IOException {
        lab("sums", "# How to add\nA text.");
        assertThat(attune("lab")).isZero();
        assertThat(out.toString()).contains("sums ", "How to add", "attune lab sums");
    }

    @Test
    void onlyShippedNamesAreRun() throws IOException {
        lab("sums", "# S");
        assertThat(attune("lab", "sum")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no lab \"sum\". Did you mean \"sums\"?");
        assertThat(attune("lab", home.resolve("labs/sums.ipynb").toString())).isEqualTo(2);
        assertThat(attune("lab", "../labs/sums")).isEqualTo(2);
    }

    @Test
    void anotherLanguageIsNoLab() throws IOException {
        Files.writeString(home.resolve("labs/snake.ipynb"), "{\"nbformat\": 4, \"cells\": []}");
        assertThat(attune("lab", "snake")).isEqualTo(2);
        assertThat(err.toString()).contains("snake.ipynb is no Java notebook of format 4");
    }
}
