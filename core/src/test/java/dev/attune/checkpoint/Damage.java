package dev.attune.checkpoint;

import static org.assertj.core.api.Assertions.fail;

import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;

/** Flips bytes and cuts files: whatever a file holds, a reader answers with tensors or a CheckpointException. */
final class Damage {
    static final long SEED = 20_240_607;
    private static final int TRIES = 1_000;

    private Damage() {}

    /** {@code damaged} is written over and over with damaged copies of {@code good}. */
    static void tryMany(Path good, Path damaged, Function<Path, Weights> open, Random random) {
        try {
            byte[] content = Files.readAllBytes(good);
            for (int i = 0; i < TRIES; i++) {
                byte[] copy = content.clone();
                for (int flips = random.nextInt(3); flips >= 0; flips--) {
                    copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
                }
                if (random.nextInt(4) == 0) copy = Arrays.copyOf(copy, random.nextInt(copy.length + 8));
                // A new file each time: shortening one that is still mapped would be the test's own fault.
                Files.deleteIfExists(damaged);
                readAll(Files.write(damaged, copy), open, i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readAll(Path file, Function<Path, Weights> open, int attempt) {
        try (Weights weights = open.apply(file)) {
            for (String name : weights.names()) {
                if (weights.bytes(name).remaining() != weights.info(name).byteSize()) fail("wrong size of " + name);
            }
        } catch (CheckpointException expected) {
            // This is the way to say no.
        } catch (RuntimeException e) {
            fail("Seed " + SEED + ", attempt " + attempt + ": " + e, e);
        }
    }
}
