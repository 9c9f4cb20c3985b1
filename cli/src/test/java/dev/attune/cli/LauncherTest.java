package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code attune} in a checkout that is built, with a Java that says how it was called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    Path folder;

    private Path home;
    private Path java;

    private record Run(int exit, List<String> lines) {}

    @BeforeEach
    void aCheckoutThatIsBuilt() throws IOException {
        home = folder.toRealPath().resolve("a check out"); // the script follows links, that of a temporary folder too
        java = folder.resolve("jdk");
        write(home.resolve("attune"), Files.readString(Path.of("..", "attune")));
        for (String file : List.of("pom.xml", "bom/pom.xml", "natives-cpu/pom.xml", "core/pom.xml", "cli/pom.xml")) {
            write(home.resolve(file), "");
        }
        for (String sources : List.of("core/src/main", "cli/src/main")) {
            Files.createDirectories(home.resolve(sources));
        }
        Path jar = home.resolve("one.jar");
        write(jar, "");
        write(home.resolve("cli/target/classpath.txt"), jar + ":two.jar");
        write(home.resolve("cli/target/attune.built"), "");
        javaOf("17.0.1");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void javaOf(String version) throws IOException {
        write(java.resolve("bin/java"), """
                #!/bin/sh
                if [ "$1" = -version ]; then echo 'openjdk version "%s" 2026-01-01' >&2; exit; fi
                echo "tunables=$GLIBC_TUNABLES"
                for word; do echo "word=$word"; done
                exit 3
                """.formatted(version));
    }

    private Run run(Path script, Map<String, String> environment, String... words) throws Exception {
        Path output = folder.resolve("output.txt");
        var process = new ProcessBuilder(Stream.concat(Stream.of(script.toString()), Stream.of(words))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        for (String name : List.of("GLIBC_TUNABLES", "ATTUNE_JAVA_OPTS"))
            process.environment().remove(name);
        process.environment().put("JAVA_HOME", java.toString());
        process.environment().putAll(environment);
        Process started = process.start();
        assertThat(started.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(started.exitValue(), Files.readAllLines(output, StandardCharsets.UTF_8));
    }

    private String tunables(String users) throws Exception {
        return run(home.resolve("attune"), Map.of("GLIBC_TUNABLES", users))
                .lines
                .get(0);
    }

    @Test
    void handsOverWordsOptionsAndTheExitCode() throws Exception {
        Run run = run(
                home.resolve("attune"), Map.of("ATTUNE_JAVA_OPTS", "-Xmx2g -Da=b"), "train", "", "two words", "--x=*");
        assertThat(run.exit).isEqualTo(3);
        assertThat(run.lines.subList(1, run.lines.size()))
                .containsExactly(
                        "word=@" + home + "/cli/jvm.options",
                        "word=-Dattune.home=" + home,
                        "word=-Xmx2g",
                        "word=-Da=b",
                        "word=-cp",
                        "word=" + home + "/cli/target/classes:" + home + "/core/target/classes:" + home
                                + "/one.jar:two.jar",
                        "word=dev.attune.cli.Main",
                        "word=train",
                        "word=",
                        "word=two words",
                        "word=--x=*");
    }

    @Test
    void findsItsCheckoutThroughSymbolicLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.resolve("attune"));
        Path linkOfLink = Files.createSymbolicLink(folder.resolve("link of link"), link.getFileName());
        assertThat(run(linkOfLink, Map.of()).lines).contains("word=-Dattune.home=" + home);
    }

    @Test
    void asksForLargePages() throws Exception {
        assertThat(run(home.resolve("attune"), Map.of()).lines).contains("tunables=glibc.malloc.hugetlb=1");
    }

    @Test
    void keepsOtherSettingsOfMalloc() throws Exception {
        assertThat(tunables("glibc.malloc.arena_max=1"))
                .isEqualTo("tunables=glibc.malloc.arena_max=1:glibc.malloc.hugetlb=1");
    }

    @Test
    void leavesLargePagesToTheUserWhoSetThem() throws Exception {
        assertThat(tunables("glibc.malloc.hugetlb=0:glibc.malloc.arena_max=1"))
                .isEqualTo("tunables=glibc.malloc.hugetlb=0:glibc.malloc.arena_max=1");
    }

    @Test
    void refusesAnOldJava() throws Exception {
        javaOf("11.0.2");
        Run run = run(home.resolve("attune"), Map.of());
        assertThat(run.exit).isEqualTo(2);
        assertThat(run.lines)
                .containsExactly("attune: Java 17 or newer is needed, but " + java + "/bin/java is version 11."
                        + " Set JAVA_HOME.");
    }

    @Test
    void namesAJavaHomeWithoutJava() throws Exception {
        Run run = run(home.resolve("attune"), Map.of("JAVA_HOME", "/nowhere"));
        assertThat(run.exit).isEqualTo(2);
        assertThat(run.lines).singleElement().asString().startsWith("attune: JAVA_HOME is /nowhere, but");
    }
}
