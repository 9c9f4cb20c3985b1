package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that saves after every step and is killed at random moments, in the middle of saving too: it goes on every time. Here a
 * few times; {@code faults/run} does it as often as it is told, and keeps the counts.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("attune.kills", 5);
    /** After so many seconds no further process is started. */
    private static final int SECONDS = Integer.getInteger("attune.kill.seconds", Integer.MAX_VALUE / 2);
    /** So many runs at the same time, each in a folder of its own. */
    private static final int LANES = Integer.getInteger("attune.kill.lanes", 1);

    /** So many kills at random moments of a run that does little but save have to meet a save. */
    private static final int MANY = 30;

    private static final Pattern FROM = Pattern.compile("note: Going on from .*checkpoint-(\\d+)\\.");

    @TempDir
    Path temp;

    private final KillCounts counts = KillCounts.toFile(System.getProperty("attune.kill.result"));
    private final AtomicInteger left = new AtomicInteger(KILLS);
    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

    @Test
    void aKilledRunGoesOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("aKilledRunGoesOn seed " + seed);
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                TinyRun run = new TinyRun(Files.createDirectory(temp.resolve("lane" + i)));
                Random random = new Random(seed + i);
                all.add(lanes.submit(() -> {
                    killAndGoOn(run, random);
                    return null;
                }));
            }
            for (Future<?> lane : all) lane.get();
        } finally {
            lanes.shutdownNow();
        }
        System.out.println(counts);
        assertThat(counts.kills()).isPositive();
        if (SECONDS > Integer.MAX_VALUE / 4) assertThat(counts.kills()).isEqualTo(KILLS);
        if (counts.kills() >= MANY) assertThat(counts.whileSaving()).isPositive();
    }

    /** A kill counts when the next process has gone on from the newest checkpoint that it left. */
    private void killAndGoOn(TinyRun run, Random random) throws IOException, InterruptedException {
        int reached = kill(run, random, 0);
        while (left.getAndDecrement() > 0 && System.nanoTime() < end) {
            TinyRun.Left before = run.left();
            try {
                reached = kill(run, random, reached);
            } catch (AssertionError e) {
                counts.unresumable();
                throw e;
            }
            counts.wentOn(before);
        }
    }

    /** Starts a process, which goes on from step {@code reached}, and kills it; returns the step of its newest checkpoint. */
    private static int kill(TinyRun run, Random random, int reached) throws IOException, InterruptedException {
        Process process = run.start("--save-steps", "1", "--resume-from-checkpoint", reached == 0 ? "auto" : "must");
        try {
            run.awaitCheckpoint(process, reached);
            Thread.sleep(random.nextInt(300));
            assertThat(process.isAlive()).as(run.printed()).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
        if (reached > 0) {
            Matcher from = FROM.matcher(run.printed());
            assertThat(from.find()).as(run.printed()).isTrue();
            // A checkpoint that has its name is whole: nothing that was there is lost.
            assertThat(Integer.parseInt(from.group(1))).isEqualTo(reached);
            assertThat(run.printed()).doesNotContain("Skipped", "No checkpoint");
        }
        assertThat(run.newest()).isGreaterThan(reached);
        return run.newest();
    }
}
