package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    private static final String USED = "output_dir %s is in use by another training (process %d on ";

    @TempDir
    Path run;

    /** Another process: takes the lock, or says that it cannot; then waits to be killed. */
    public static final class Holder {
        public static void main(String[] args) throws Exception {
            try {
                RunLock.take(Path.of(args[0]));
                Files.createFile(Path.of(args[0], "taken"));
                Thread.sleep(TimeUnit.MINUTES.toMillis(2));
            } catch (ConfigException e) {
                Files.writeString(Path.of(args[0], "refused"), e.getMessage());
            }
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        run.toString())
                .inheritIO()
                .start();
    }

    private void await(String file, Process process) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(run.resolve(file)) && System.nanoTime() < deadline && process.isAlive()) Thread.sleep(10);
        assertThat(run.resolve(file)).exists();
    }

    @Test
    void anotherProcessHasIt() throws Exception {
        Process process = holder();
        try {
            await("taken", process);
            assertThatThrownBy(() -> RunLock.take(run))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(USED.formatted(run, process.pid()))
                    .hasMessageEndingWith("). Wait for it, or choose another folder.");
        } finally {
            process.destroyForcibly().waitFor();
        }
        // The system let go of it: a killed run is in nobody's way.
        RunLock.take(run).close();
        assertThat(run.resolve(".attune.lock")).doesNotExist();
    }

    /** A second run of this process is refused, and costs the first one nothing: another process is still kept out. */
    @Test
    void aSecondRunOfThisProcessTakesNoLockAway() throws Exception {
        long pid = ProcessHandle.current().pid();
        Path link = Files.createSymbolicLink(run.resolveSibling(run.getFileName() + "-link"), run);
        try (RunLock first = RunLock.take(run)) {
            for (Path again : new Path[] {run, link, run.resolve(".")}) {
                assertThatThrownBy(() -> RunLock.take(again))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageStartingWith(USED.formatted(again, pid));
            }
            Process process = holder();
            process.waitFor(60, TimeUnit.SECONDS);
            assertThat(run.resolve("refused")).content().startsWith(USED.formatted(run, pid));
        } finally {
            Files.delete(link);
        }
        RunLock.take(run).close();
    }

    /** A lock that could not be taken is not held. */
    @Test
    void aFailureLeavesItFree() {
        Path missing = run.resolve("missing");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> RunLock.take(missing))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("output_dir " + missing + " cannot be locked (");
        }
    }

    /** Whoever runs libraries of other authors in the same JVM may lock files too. */
    @Test
    void aLockOfThisProcessThatIsNoRunIsOne() throws IOException {
        try (FileChannel channel = FileChannel.open(
                        run.resolve(".attune.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThatThrownBy(() -> RunLock.take(run))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("output_dir " + run
                            + " is in use by another training. Wait for it, or choose another folder.");
        }
    }
}
