package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.attune.data.Examples;
import dev.attune.error.CheckpointException;
import dev.attune.error.StoppedException;
import dev.attune.io.AtomicFolders;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten steps on a disk that is full for a while, or keeps what it is to lose: the run goes on and says what was not done. */
class SavingTest {
    private static final long PLENTY = Long.MAX_VALUE / 4;

    @TempDir
    Path run;

    private final List<String> notes = new ArrayList<>();
    private final List<Integer> saved = new ArrayList<>();
    private final TrainerControl control = new TrainerControl();
    private Checkpoints checkpoints;
    private DiskSpace.Room room = () -> PLENTY;
    private Consumer<Path> beforeSaving = folder -> {};
    private int cancelAt = -1;

    private Trainer.Result train(TrainingArgumentsBuilder args) {
        if (checkpoints == null) checkpoints = new Checkpoints(run);
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                if (event.step() == cancelAt) control.cancel();
            }

            @Override
            public void onMessage(String text) {
                notes.add(text);
            }

            @Override
            public void onSave(SaveEvent event) {
                saved.add(event.step());
            }
        };
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            return new Trainer(
                            args.perDeviceTrainBatchSize(2).numTrainEpochs(1).build(),
                            task,
                            Examples.of(TrainerGolden.examples(20)),
                            EvaluationSets.NONE,
                            listener,
                            control)
                    .savingTo(
                            checkpoints,
                            room,
                            folder -> {
                                beforeSaving.accept(folder);
                                model.save(folder);
                            },
                            Map.of())
                    .run();
        }
    }

    /** The disk refuses in the middle of a save, as it does when another program has taken the last bytes. */
    @Test
    void aSaveThatFailsLeavesNoTraceAndTheNextOneTriesAgain() throws IOException {
        beforeSaving = folder -> {
            if (notes.isEmpty()) throw new CheckpointException("Cannot write " + folder.getFileName() + ": no space.");
        };
        assertThat(train(TrainingArguments.builder().saveSteps(2)).steps()).isEqualTo(10);
        assertThat(notes)
                .singleElement()
                .asString()
                .startsWith("No checkpoint was saved at step 2: Cannot write .checkpoint-2.")
                .endsWith(": no space. Training goes on, and the next save tries again.");
        assertThat(saved).containsExactly(4, 6, 8, 10);
        assertThat(names()).containsExactly("checkpoint-10", "checkpoint-4", "checkpoint-6", "checkpoint-8");
    }

    /** The size of the first checkpoint is known from the parameters, that of the others from the one before. */
    @Test
    void roomIsLookedForBeforeASave() throws IOException {
        long[] free = {1000, PLENTY, 0, 1000, PLENTY};
        int[] asked = {0};
        room = () -> free[asked[0]++];
        train(TrainingArguments.builder().saveSteps(2));
        assertThat(asked[0]).isEqualTo(5);
        assertThat(saved).as("what says 0 is tried").containsExactly(4, 6, 10);
        long parameters = parameters();
        long bytes = Manifest.read(run.resolve("checkpoint-6")).bytes();
        assertThat(bytes).isBetween(parameters * 12, parameters * 12 + 40_000);
        assertThat(notes).containsExactly(note(2, parameters * 12), note(8, bytes));
        assertThat(names()).containsExactly("checkpoint-10", "checkpoint-4", "checkpoint-6");
    }

    private static String note(int step, long bytes) {
        String size = bytes < 1_000_000 ? Math.round(bytes / 1e3) + " kB" : Math.round(bytes / 1e5) / 10.0 + " MB";
        return "No checkpoint was saved at step " + step + ": it takes " + size
                + ", and as much again has to stay free,"
                + " but only 1 kB are free on the disk of output_dir. Training goes on, and the next save tries again.";
    }

    private static long parameters() {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            return model.parameterCount();
        }
    }

    /** A run that is told to stop takes the room that there is: it does not come back. */
    @Test
    void theLastCheckpointNeedsRoomForItselfOnly() {
        room = () -> parameters() * 18;
        cancelAt = 3;
        StoppedException stopped = catchThrowableOfType(
                StoppedException.class, () -> train(TrainingArguments.builder().saveSteps(2)));
        assertThat(stopped).hasMessageContaining("goes on from step 3.");
        assertThat(saved).containsExactly(3);
        assertThat(notes).singleElement().asString().startsWith("No checkpoint was saved at step 2: it takes ");
    }

    @Test
    void whatDoesNotSayHowMuchIsFreeIsTried() {
        room = () -> {
            throw new IOException("unknown file system");
        };
        train(TrainingArguments.builder().saveSteps(5));
        assertThat(saved).containsExactly(5, 10);
        assertThat(notes).isEmpty();
    }

    /** A checkpoint that is saved is saved, even if an old one does not go. */
    @Test
    void anOldCheckpointThatCannotBeRemovedIsANote() throws IOException {
        checkpoints = new Checkpoints(run, folder -> {
            if (notes.isEmpty()) throw new IOException("busy");
            AtomicFolders.delete(folder);
        });
        train(TrainingArguments.builder().saveSteps(2).saveTotalLimit(1));
        assertThat(saved).containsExactly(2, 4, 6, 8, 10);
        assertThat(notes)
                .containsExactly(run.resolve("checkpoint-2") + " is beyond save_total_limit, but cannot be removed"
                        + " (java.io.IOException: busy): the next save tries again.");
        assertThat(names()).containsExactly("checkpoint-10");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(run)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
