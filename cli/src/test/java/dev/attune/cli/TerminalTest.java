package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
    /** A program of its own, because the streams of the test's process may be anything. */
    static final class Probe {
        public static void main(String[] args) {
            System.out.println(Terminal.output() + " " + Terminal.errors());
        }
    }

    @Test
    void filesAreNoTerminals(@TempDir Path folder) throws IOException, InterruptedException {
        File output = folder.resolve("output").toFile();
        ProcessBuilder probe = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Probe.class.getName()))
                .redirectOutput(output)
                .redirectError(folder.resolve("errors").toFile());
        probe.environment().put("TERM", "xterm");
        assertThat(probe.start().waitFor()).isZero();
        assertThat(output).hasContent("false false");
    }

    @Test
    void onlyTerminalsThatCanAreRewritten() {
        assertThat(Terminal.rewrites("xterm-256color")).isTrue();
        assertThat(Terminal.rewrites("dumb")).isFalse();
        assertThat(Terminal.rewrites("")).isFalse();
        assertThat(Terminal.rewrites(null)).isFalse();
    }
}
