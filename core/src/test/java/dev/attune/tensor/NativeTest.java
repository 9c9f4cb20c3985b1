package dev.attune.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How a process is tuned when the libraries load: each case needs a process of its own. */
@EnabledOnOs(OS.LINUX)
class NativeTest {
    /** What the processes of this test run: prints the threads as Attune, libtorch and OpenBLAS count them. */
    static final class Threads {
        private Threads() {}

        public static void main(String[] args) throws IOException {
            int earlier = Integer.getInteger("test.earlier", 0);
            if (Boolean.getBoolean("test.ahead")) {
                Native.loadAhead();
                Native.load(DType.BFLOAT16, earlier);
            }
            int chosen = earlier > 0 ? Native.resumeThreads(earlier) : Native.threads();
            String libtorch = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.endsWith("/libtorch_cpu.so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst()
                    .orElseThrow();
            // Two builds of OpenBLAS are loaded: found from here, it is the one that libtorch calls.
            int blas =
                    Function.getFunction(libtorch, "openblas_get_num_threads").invokeInt(new Object[0]);
            System.out.println(chosen + " " + torch.get_num_threads() + " " + blas);
        }
    }

    private static String threads(Map<String, String> environment, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Threads.class.getName()));
        ProcessBuilder java = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS").forEach(java.environment()::remove);
        java.environment().putAll(environment);
        Process process = java.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.strip();
    }

    @Test
    void bothPoolsUseTheThreadsThatWereAskedFor() throws Exception {
        assertThat(threads(Map.of(), "-Dattune.threads=1")).isEqualTo("1 1 1");
        assertThat(threads(Map.of("OMP_NUM_THREADS", "2"))).isEqualTo("2 2 2");
        assertThat(threads(Map.of("OMP_NUM_THREADS", "2"), "-Dattune.threads=1"))
                .as("the property wins")
                .isEqualTo("1 1 1");
    }

    @Test
    void openblasAloneCanBeTold() throws Exception {
        assertThat(threads(Map.of("OPENBLAS_NUM_THREADS", "1"), "-Dattune.threads=2"))
                .isEqualTo("2 2 1");
    }

    @Test
    void aRunThatGoesOnComputesAsBefore() throws Exception {
        assertThat(threads(Map.of(), "-Dtest.earlier=3")).isEqualTo("3 3 3");
        assertThat(threads(Map.of(), "-Dtest.earlier=3", "-Dattune.threads=1"))
                .as("who asks for a number gets it")
                .isEqualTo("1 1 1");
    }

    @Test
    void soItDoesIfTheLibrariesBegunToLoadBefore() throws Exception {
        assertThat(threads(Map.of(), "-Dtest.ahead=true", "-Dtest.earlier=3")).isEqualTo("3 3 3");
        assertThat(threads(Map.of(), "-Dtest.ahead=true", "-Dtest.earlier=3", "-Dattune.threads=1"))
                .isEqualTo("1 1 1");
    }

    @Test
    void theProbeSetsBothPools() throws Exception {
        String[] counts = threads(Map.of()).split(" ");
        assertThat(counts).hasSize(3).containsOnly(counts[0]);
        assertThat(Integer.parseInt(counts[0]))
                .isBetween(1, Runtime.getRuntime().availableProcessors());
    }
}
