package dev.attune.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Few inputs for each reader, in each build. The long form is {@code mvn verify -Pfuzz}. */
class FuzzTest {
    private static final long SEED = Long.getLong("attune.fuzz.seed", 20_261_130);
    private static final int INPUTS = 1_000;

    @TempDir
    Path folder;

    static Stream<String> readers() {
        return FuzzTargets.all().stream().map(FuzzTarget::reader);
    }

    @ParameterizedTest
    @MethodSource("readers")
    void onlyOurErrorsComeOut(String reader) throws IOException {
        FuzzTarget target = FuzzTargets.named(reader);
        SeededFuzz fuzz = new SeededFuzz(target, folder, SEED);
        target.seeds().forEach(fuzz::run);
        fuzz.throwIfAnythingWasFound();
        assertThat(fuzz.verdict().refused()).as(fuzz.verdict().lastRefusal()).isZero();
        for (byte[] input : found(reader)) fuzz.run(input);
        fuzz.throwIfAnythingWasFound();
        long before = fuzz.verdict().refused();
        fuzz.run(0, INPUTS);
        fuzz.throwIfAnythingWasFound();
        // Else the mutations are too tame, or never come past the first check.
        assertThat(fuzz.verdict().refused() - before).as("refused of " + INPUTS).isBetween(INPUTS / 20L, INPUTS - 1L);
    }

    /** What was found before, in the order of the names. */
    private static List<byte[]> found(String reader) throws IOException {
        URL folder = FuzzTest.class.getResource("found/" + reader);
        if (folder == null) return List.of();
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().map(FuzzTest::bytes).toList();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
