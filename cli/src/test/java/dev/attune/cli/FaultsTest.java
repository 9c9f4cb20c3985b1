package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happens to trainings in processes of their own: a full disk, a second process, an impatient user. */
class FaultsTest {
    private static final int DISK = 8 << 20;

    @TempDir
    Path temp;

    private static String failing(int code, Object... words) {
        StringWriter err = new StringWriter();
        String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args))
                .as(err.toString())
                .isEqualTo(code);
        return err.toString();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void twoProcessesDoNotShareAFolder() throws IOException, InterruptedException {
        TinyRun run = new TinyRun(temp);
        Process process = run.start("--save-steps", "1");
        try {
            int reached = run.awaitCheckpoint(process, 0);
            for (String flag : List.of("--overwrite", "--resume-from-checkpoint")) {
                assertThat(failing(
                                2, "train", "--model", run.model, "--train", run.train, "--output", run.output, flag))
                        .startsWith("attune: output_dir " + run.output + " is in use by another training (process "
                                + process.pid() + " on ")
                        .contains("Wait for it, or choose another folder.");
            }
            run.awaitCheckpoint(process, reached + 5);
            TinyRun.signal(process, "TERM");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(run.printed()).isEqualTo(75);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The step takes many seconds, so that the first Ctrl-C cannot have ended the run when the second one comes. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSecondInterruptEndsAtOnceWithoutSaving() throws IOException, InterruptedException {
        TinyRun run = new TinyRun(temp, 60_000);
        Process process = run.start("--gradient-accumulation-steps", "1000000", "--save-steps", "1");
        try {
            run.await(process, () -> Files.exists(run.output.resolve("metrics.jsonl")));
            TinyRun.signal(process, "INT");
            run.awaitPrinted(process, "finishing the step and saving. Ctrl-C again ends at once, without saving.");
            assertThat(process.isAlive()).isTrue();
            TinyRun.signal(process, "INT");
            assertThat(process.waitFor(5, TimeUnit.SECONDS)).as("at once").isTrue();
            assertThat(process.exitValue()).as(run.printed()).isEqualTo(130);
            assertThat(run.newest()).isZero();
            assertThat(run.printed()).doesNotContain("Stopped after step");
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * On a real file system of eight megabytes. Where none can be mounted, {@code SavingTest} of the library still has a writer
     * that fails and a disk that says it is full.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskEndsNoTraining() throws IOException, InterruptedException {
        TinyRun run = new TinyRun(temp);
        Path disk = Files.createDirectory(run.output);
        assumeTrue(
                call("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", disk.toString()) == 0,
                "no file system can be mounted here");
        Process process = run.start("--save-steps", "1", "--logging-steps", "1");
        try {
            run.awaitCheckpoint(process, 3);
            Path filler = disk.resolve("filler");
            fill(filler);
            run.awaitPrinted(process, "metrics.jsonl in " + disk + " cannot be written (");
            run.awaitPrinted(process, "No checkpoint was saved at step ");
            run.awaitPrinted(process, ". Training goes on, and the next save tries again.");
            assertThat(isOnceWithoutHalves(disk)).as("nothing half written").isTrue();

            long checkpoint = size(disk.resolve("checkpoint-" + run.newest()));
            try (var channel = Files.newByteChannel(filler, StandardOpenOption.WRITE)) {
                channel.truncate(Files.size(filler) - checkpoint * 3 / 2);
            }
            run.awaitPrinted(process, " kB, and as much again has to stay free, but only ");
            int before = run.newest();
            Files.delete(filler);
            run.awaitCheckpoint(process, before);
            TinyRun.signal(process, "TERM");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(run.printed()).isEqualTo(75);
            everyStepIsRecorded(disk.resolve("metrics.jsonl"), run.newest());

            process = run.start("--save-steps", "1", "--logging-steps", "1", "--resume-from-checkpoint", "must");
            run.awaitCheckpoint(process, run.newest());
        } finally {
            process.destroyForcibly().waitFor();
            call("umount", disk.toString());
        }
    }

    /** The training goes on and tries each step, so half a checkpoint may be there, but none that stays. */
    private static boolean isOnceWithoutHalves(Path disk) throws IOException, InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (names(disk).stream().noneMatch(name -> name.endsWith(".tmp"))) return true;
            Thread.sleep(5);
        }
        return false;
    }

    /** Whole lines, and a log of each step: what the disk did not take came later. */
    private static void everyStepIsRecorded(Path metrics, int last) throws IOException {
        int step = 0;
        for (String line : Files.readAllLines(metrics)) {
            JsonNode event = JsonMapper.shared().readTree(line);
            if (event.path("event").asString().equals("log"))
                assertThat(event.path("step").asInt()).isEqualTo(++step);
        }
        assertThat(step).isEqualTo(last);
    }

    /** Until nothing more fits. */
    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (byte[] block = new byte[512]; ; ) out.write(block);
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("space");
        }
    }

    private static long size(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) bytes += Files.size(file);
        }
        return bytes;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static int call(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException notThere) {
            return -1;
        }
    }
}
