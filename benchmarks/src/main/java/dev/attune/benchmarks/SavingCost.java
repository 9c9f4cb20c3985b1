package dev.attune.benchmarks;

import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveEvent;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Seconds that a training waits for a checkpoint, and seconds that the disk takes for as many bytes: one JSON object for each save.
 * Both force what they wrote to the disk, in turns.
 *
 * <p>Arguments: the folder of a model, an empty folder on the disk, the number of saves.
 */
public final class SavingCost {
    private SavingCost() {}

    public static void main(String[] args) {
        Path output = Path.of(args[1]);
        int saves = Integer.parseInt(args[2]);
        TrainingArguments training = TrainingArguments.builder()
                .outputDir(output.resolve("run"))
                .maxSteps(saves)
                .saveSteps(1)
                .saveTotalLimit(1)
                .perDeviceTrainBatchSize(1)
                .build();
        Recipe recipe = Recipe.builder()
                .model(args[0])
                .train("rows")
                .dataCache(false)
                .training(training)
                .build();
        List<Map<String, Object>> rows =
                List.of(Map.of("text", "a good film", "label", "good"), Map.of("text", "a bad film", "label", "bad"));
        Job.train(recipe, Datasets.of("rows", rows), null, new Timed(output.resolve("plain")));
    }

    /** Times each save from the end of its step on; the removal of the checkpoint before comes after it. */
    private static final class Timed implements TrainingListener {
        private final Path plain;
        private long begin;
        private long bytes;
        private double disk;
        private boolean isFirst;

        Timed(Path plain) {
            this.plain = plain;
        }

        /** Before every second save the plain file is written first: neither of both always finds a rested disk. */
        @Override
        public void onStepEnd(LogEvent event) {
            isFirst = event.step() % 2 == 0;
            if (isFirst) disk = write(bytes);
            begin = System.nanoTime();
        }

        @Override
        public void onSave(SaveEvent event) {
            double saving = (System.nanoTime() - begin) / 1e9;
            try (Stream<Path> files = Files.list(event.folder())) {
                bytes = files.mapToLong(file -> file.toFile().length()).sum();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!isFirst) disk = write(bytes);
            System.out.printf(
                    Locale.ROOT,
                    "{\"bytes\": %d, \"saving\": %.3f, \"disk\": %.3f, \"disk_first\": %b}%n",
                    bytes,
                    saving,
                    disk,
                    isFirst);
        }

        /** Bytes that a file system cannot make smaller. */
        private double write(long bytes) {
            byte[] block = new byte[8 << 20];
            new Random(1).nextBytes(block);
            ByteBuffer buffer = ByteBuffer.allocateDirect(block.length).put(block);
            long start = System.nanoTime();
            Path next = plain.resolveSibling("next");
            try (FileChannel file = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long left = bytes; left > 0; left -= buffer.limit()) {
                    buffer.position(0).limit((int) Math.min(left, block.length));
                    while (buffer.hasRemaining()) file.write(buffer);
                }
                file.force(true);
                double seconds = (System.nanoTime() - start) / 1e9;
                // As with checkpoints, the one before goes when the new one is there: both find blocks of the same
                // kind.
                Files.move(next, plain, StandardCopyOption.REPLACE_EXISTING);
                return seconds;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
