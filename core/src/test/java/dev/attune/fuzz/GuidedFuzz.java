package dev.attune.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer calls. It keeps the inputs that reach new code and changes them further; see <a
 * href="https://github.com/CodeIntelligenceTesting/jazzer">its manual</a>. Its interface wants static methods, so the
 * state is static, in a process that does nothing else.
 */
public final class GuidedFuzz {
    private static FuzzTarget target;
    private static Verdict verdict;
    private static long inputs;

    private GuidedFuzz() {}

    /** The name of the reader. */
    public static void fuzzerInitialize(String[] arguments) throws IOException {
        target = FuzzTargets.named(arguments[0]);
        verdict = new Verdict(target, Files.createTempDirectory("attune-fuzz-" + target.reader()), false);
    }

    /** One input. Most are sealed, or few would come past the checksums. */
    public static void fuzzerTestOneInput(byte[] input) {
        inputs++;
        verdict.of((Arrays.hashCode(input) & 7) == 0 ? input : target.seal(input));
    }

    public static void fuzzerTearDown() throws IOException {
        FuzzCounts.add(target, "guided", Long.getLong("attune.fuzz.seed", 0), inputs, verdict);
    }

    /**
     * The arguments of Jazzer.
     *
     * @param folder for the seeds, the words and what is found
     */
    static List<String> arguments(FuzzTarget target, Path folder, long runs, long seed) throws IOException {
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (byte[] input : target.seeds()) Files.write(seeds.resolve("seed-" + number++), input);
        StringBuilder words = new StringBuilder();
        for (String word : target.words()) {
            if (word.isEmpty()) continue;
            words.append('"');
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) words.append(String.format("\\x%02x", b));
            words.append("\"\n");
        }
        Path dictionary = Files.writeString(folder.resolve("words"), words);
        return List.of(
                "--target_class=" + GuidedFuzz.class.getName(),
                "--target_args=" + target.reader(),
                "--instrumentation_includes=dev.attune.**",
                "--instrumentation_excludes=dev.attune.fuzz.**",
                "--reproducer_path=" + folder,
                "-runs=" + runs,
                "-seed=" + seed,
                "-max_len=4096",
                "-timeout=20",
                "-rss_limit_mb=2048",
                "-dict=" + dictionary,
                "-artifact_prefix=" + folder + "/",
                corpus.toString(),
                seeds.toString());
    }
}
