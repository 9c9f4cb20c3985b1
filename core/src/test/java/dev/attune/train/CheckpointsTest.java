package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What storage does to checkpoints, and which one a run goes on from then. */
class CheckpointsTest {
    private static final int SIZE = 5000;

    @TempDir
    Path run;

    private Checkpoints checkpoints;

    @BeforeEach
    void three() {
        checkpoints = new Checkpoints(run);
        for (int step : new int[] {9, 10, 100}) write(step);
    }

    private void write(int step) {
        checkpoints.write(step, folder -> {
            Files.write(folder.resolve("model.safetensors"), new byte[SIZE]);
            Files.writeString(folder.resolve(StateDict.VALUES), "{}");
            Files.writeString(folder.resolve(StateDict.TENSORS), "tensors of step " + step);
        });
    }

    private void newestIs(int step, String... skipped) {
        Checkpoints.Newest newest = checkpoints.newest();
        assertThat(newest.skipped()).containsExactly(skipped);
        assertThat(newest.folder()).isEqualTo(run.resolve("checkpoint-" + step));
    }

    @Test
    void stepsAreNumbersNotTexts() {
        newestIs(100);
        assertThat(CheckpointSteps.of(run)).containsExactly(9, 10, 100);
    }

    @Test
    void timeStampsSayNothing() throws IOException {
        Files.setLastModifiedTime(
                run.resolve("checkpoint-9"), FileTime.fromMillis(System.currentTimeMillis() + 999_999));
        Files.setLastModifiedTime(run.resolve("checkpoint-100"), FileTime.fromMillis(0));
        newestIs(100);
        checkpoints.removeBeyond(1, Set.of());
        assertThat(CheckpointSteps.of(run)).containsExactly(100);
    }

    @Test
    void aTruncatedFile() throws IOException {
        Files.write(run.resolve("checkpoint-100/model.safetensors"), new byte[SIZE - 1]);
        newestIs(10, "checkpoint-100: model.safetensors has 4999 bytes, but 5000 were written");
    }

    @Test
    void aFlippedBit() throws IOException {
        byte[] bytes = new byte[SIZE];
        bytes[SIZE / 2] = 4;
        Files.write(run.resolve("checkpoint-100/model.safetensors"), bytes);
        newestIs(10, "checkpoint-100: model.safetensors has another content than was written");
    }

    @Test
    void aMissingFile() throws IOException {
        Files.delete(run.resolve("checkpoint-100").resolve(StateDict.TENSORS));
        newestIs(10, "checkpoint-100: training_state.safetensors is missing");
    }

    @Test
    void withoutTheOptimizerItIsNone() {
        checkpoints.write(200, folder -> {
            Files.write(folder.resolve("model.safetensors"), new byte[SIZE]);
            Files.writeString(folder.resolve(StateDict.VALUES), "{}");
        });
        newestIs(100, "checkpoint-200: it has no training_state.safetensors");
    }

    @Test
    void aModelInShardsIsOne() {
        checkpoints.write(200, folder -> {
            Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
            Files.writeString(folder.resolve(StateDict.VALUES), "{}");
            Files.writeString(folder.resolve(StateDict.TENSORS), "");
        });
        newestIs(200);
    }

    @Test
    void anEmptyFolderAndOneOfAnotherTool() throws IOException {
        Files.createDirectory(run.resolve("checkpoint-7000"));
        Files.createDirectory(run.resolve("checkpoint-99999999999999999999"));
        Files.createDirectory(run.resolve("checkpoint-last"));
        newestIs(100, "checkpoint-7000: it has no manifest.json, so it was not finished");
    }

    @Test
    void aManifestThatNobodyUnderstands() throws IOException {
        Path manifest = run.resolve("checkpoint-100").resolve(Manifest.NAME);
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("\"format\" : 1", "\"format\" : 2"));
        newestIs(10, "checkpoint-100: manifest.json has the format 2, but this version knows 1");
        Files.writeString(manifest, text.substring(0, text.length() / 2));
        assertThat(checkpoints.newest().skipped())
                .singleElement()
                .asString()
                .startsWith("checkpoint-100: manifest.json is not valid JSON");
        Files.writeString(manifest, text.replace("model.safetensors", "../checkpoint-10/model.safetensors"));
        assertThat(checkpoints.newest().skipped()).containsExactly("checkpoint-100: it has no model.safetensors");
        Files.writeString(manifest, text.replace("\"files\" : {", "\"files\" : { \"../x\" : {},"));
        assertThat(checkpoints.newest().skipped())
                .containsExactly("checkpoint-100: manifest.json lists \"../x\", which is not a file of this folder");
    }

    @Test
    void nothingIsLeftOfOneThatCouldNotBeWritten() throws IOException {
        assertThatThrownBy(() -> checkpoints.write(200, folder -> {
                    Files.write(folder.resolve("model.safetensors"), new byte[SIZE]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("checkpoint-200: java.io.IOException: No space left on device.");
        assertThat(names()).containsExactly("checkpoint-10", "checkpoint-100", "checkpoint-9");
        newestIs(100);
    }

    @Test
    void aDamagedOneIsReplaced() throws IOException {
        Files.delete(run.resolve("checkpoint-100/model.safetensors"));
        write(100);
        newestIs(100);
        assertThat(names()).hasSize(3);
    }

    @Test
    void theOldestGo() throws IOException {
        write(150);
        checkpoints.removeBeyond(3, Set.of());
        assertThat(CheckpointSteps.of(run)).containsExactly(10, 100, 150);
        checkpoints.removeBeyond(1, Set.of(10)); // the best one stays beside the newest
        assertThat(CheckpointSteps.of(run)).containsExactly(10, 150);
        checkpoints.removeBeyond(5, Set.of());
        assertThat(names()).containsExactly("checkpoint-10", "checkpoint-150");
    }

    /** The order is that of the steps: a manifest that tells another one than the name is damaged, or of another folder. */
    @Test
    void aFolderThatWasRenamed() throws IOException {
        Files.move(run.resolve("checkpoint-9"), run.resolve("checkpoint-900"));
        newestIs(100, "checkpoint-900: manifest.json is that of step 9");
    }

    /** Any bit of the manifest itself: either nobody takes the checkpoint for whole, or it is. */
    @Test
    void eachBitOfTheManifestCounts() throws IOException {
        Path manifest = run.resolve("checkpoint-100").resolve(Manifest.NAME);
        byte[] written = Files.readAllBytes(manifest);
        for (int bit = 0; bit < written.length * 8; bit++) {
            byte[] flipped = written.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(manifest, flipped);
            Path newest = checkpoints.newest().folder();
            assertThat(newest).as("bit " + bit % 8 + " of byte " + bit / 8).isEqualTo(run.resolve("checkpoint-10"));
        }
    }

    @Test
    void whileTheNewestIsDamagedNoneGoes() throws IOException {
        Files.write(run.resolve("checkpoint-100/model.safetensors"), new byte[1]);
        checkpoints.removeBeyond(1, Set.of());
        assertThat(CheckpointSteps.of(run)).containsExactly(9, 10, 100);
    }

    @Test
    void withoutAnyThereIsNone(@TempDir Path other) {
        Checkpoints none = new Checkpoints(other.resolve("not-there"));
        assertThat(none.newest().folder()).isNull();
        assertThat(none.newest().skipped()).isEmpty();
        assertThat(none.removeBeyond(1, Set.of())).isEmpty();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(run)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
