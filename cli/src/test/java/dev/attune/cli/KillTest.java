package dev.attune.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that saves after every step and is killed at random moments, in the middle of saving too: it goes on every time. Here a
 * few times; {@code faults/kill} does it as often as it is told.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("attune.kills", 5);
    private static final Pattern FROM = Pattern.compile("note: Going on from .*checkpoint-(\\d+)\\.");

    @TempDir
    Path temp;

    @Test
    void aKilledRunGoesOn() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.println("aKilledRunGoesOn seed " + seed);
        Random random = new Random(seed);
        TinyRun run = new TinyRun(temp);
        int reached = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = run.start("--save-steps", "1", "--resume-from-checkpoint", kill == 0 ? "auto" : "must");
            try {
                run.awaitCheckpoint(process, reached);
                Thread.sleep(random.nextInt(300));
                assertThat(process.isAlive()).as(run.printed()).isTrue();
            } finally {
                process.destroyForcibly().waitFor();
            }
            int saved = run.newest();
            if (kill > 0) {
                Matcher from = FROM.matcher(run.printed());
                assertThat(from.find()).as(run.printed()).isTrue();
                // A checkpoint that has its name is whole: nothing that was there is lost.
                assertThat(Integer.parseInt(from.group(1))).isEqualTo(reached);
                assertThat(run.printed()).doesNotContain("Skipped");
            }
            assertThat(saved).isGreaterThan(reached);
            reached = saved;
            if (kill % 100 == 99) System.out.println((kill + 1) + " kills, step " + reached);
        }
    }
}
