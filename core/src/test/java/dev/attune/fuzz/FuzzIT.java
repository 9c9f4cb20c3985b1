package dev.attune.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A million inputs for each reader, and some more by coverage, in processes with a small heap: {@code mvn verify -Pfuzz}. */
@EnabledIfSystemProperty(named = "attune.fuzz", matches = "true", disabledReason = "hours: mvn verify -Pfuzz")
class FuzzIT {
    private static final long INPUTS = Long.getLong("attune.fuzz.inputs", 1_000_000);
    /** Fewer: each takes ten times as long, and tells more. */
    private static final long GUIDED = Math.max(1, INPUTS / 10);

    private static final long FIRST = Long.getLong("attune.fuzz.first", 0);
    private static final long SEED = Long.getLong("attune.fuzz.seed", 1);
    private static final String READERS = System.getProperty("attune.fuzz.readers", "");

    static Stream<String> readers() {
        List<String> wanted = READERS.isBlank() ? List.of() : List.of(READERS.split(","));
        wanted.forEach(FuzzTargets::named); // a name that is none is not passed over
        return FuzzTargets.all().stream()
                .map(FuzzTarget::reader)
                .filter(reader -> wanted.isEmpty() || wanted.contains(reader));
    }

    @AfterAll
    static void writeTable() throws IOException {
        if (Boolean.getBoolean("attune.write.docs")) FuzzPage.write();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void standsSeededMutations(String reader) throws Exception {
        run(SeededFuzz.class.getName(), List.of(reader, "" + FIRST, "" + INPUTS, "" + SEED));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void standsWhatJazzerFindsByCoverage(String reader) throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "fuzz", "guided", reader))
                .toAbsolutePath();
        FuzzTarget target = FuzzTargets.named(reader);
        run("com.code_intelligence.jazzer.Jazzer", GuidedFuzz.arguments(target, folder, GUIDED, SEED));
    }

    /** The input of a crash is in the folder that the process names first, or that Jazzer names last. */
    private static void run(String main, List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=64m",
                "-Dattune.fuzz.seed=" + SEED,
                // Readers of files copy each input into a file first: a folder in memory is passed on.
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(main + " " + arguments.get(0)).isZero();
    }
}
