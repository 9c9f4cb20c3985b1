package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.FileTree;
import dev.attune.model.Bert;
import dev.attune.model.TinyModel;
import dev.attune.tensor.Rng;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveEvent;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run with the checkpoints 2 and 4, and what storage and clocks do to them. */
class DamagedCheckpointTest extends RunsFixture {
    private enum Damage {
        MISSING,
        EMPTY,
        TRUNCATED,
        LONGER,
        FLIPPED;

        void to(Path file, Random random) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            switch (this) {
                case MISSING -> Files.delete(file);
                case EMPTY -> Files.write(file, new byte[0]);
                // A JSON file that loses no more than its line end has lost nothing.
                case TRUNCATED -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 2 - random.nextInt(8)));
                case LONGER -> Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
                case FLIPPED -> {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
            }
        }
    }

    private Path output;

    @BeforeEach
    void breakOff() {
        output = runs.output("a");
        Throwable end = catchThrowable(() -> Job.train(recipe().build(), new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                if (event.step() == 5) throw new IllegalStateException("broken off");
            }
        }));
        assertThat(end).hasMessage("broken off");
    }

    private Recipe.Builder recipe() {
        return runs.recipe("a", b -> b.numTrainEpochs(2).saveSteps(2).saveTotalLimit(2))
                .train(runs.sentiment("train.csv", 28));
    }

    private List<Path> files(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint)) {
            return files.sorted().toList();
        }
    }

    private void copy(Path from, Path to) throws IOException {
        FileTree.delete(to);
        Files.createDirectory(to);
        for (Path file : files(from)) Files.copy(file, to.resolve(file.getFileName()));
    }

    /** Whatever happens to whichever file: the checkpoint is skipped, by name, and the one before it is taken. */
    @ParameterizedTest
    @EnumSource
    void anyFile(Damage damage) throws IOException {
        long seed = System.nanoTime();
        System.out.println("anyFile seed " + seed);
        Random random = new Random(seed);
        Path newest = output.resolve("checkpoint-4");
        Path whole = temp.resolve("whole");
        copy(newest, whole);
        TreeSet<String> damaged = new TreeSet<>();
        for (Path file : files(whole)) {
            String name = file.getFileName().toString();
            copy(whole, newest);
            damage.to(newest.resolve(name), random);

            Resumption resumption = Resumption.of("must", output);
            assertThat(resumption.checkpoint()).as(name).isEqualTo(output.resolve("checkpoint-2"));
            assertThat(resumption.notes())
                    .as(name)
                    .hasSize(2)
                    .last()
                    .isEqualTo("Going on from " + output.resolve("checkpoint-2") + ".");
            String skipped = resumption.notes().get(0);
            assertThat(skipped).startsWith("Skipped checkpoint-4: ");
            // A bit of the list itself makes it tell of another file.
            if (!name.equals("manifest.json")) assertThat(skipped).contains(name);
            assertThatThrownBy(() -> Resumption.of(newest.toString(), output))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("resume_from_checkpoint is " + newest + ", but ");
            damaged.add(name);
        }
        assertThat(damaged)
                .contains(
                        "config.json",
                        "manifest.json",
                        "model.safetensors",
                        "run.json",
                        "tokenizer.json",
                        "trainer_state.json",
                        "training_state.json",
                        "training_state.safetensors");
    }

    /** The oldest checkpoint has the youngest time stamps, from a future that the clock has come back from. */
    @Test
    void clocksDecideNothing() throws IOException {
        for (int step : new int[] {2, 4}) {
            Path checkpoint = output.resolve("checkpoint-" + step);
            FileTime time = FileTime.fromMillis(System.currentTimeMillis() + (3 - step) * 86_400_000L);
            for (Path file : files(checkpoint)) Files.setLastModifiedTime(file, time);
            Files.setLastModifiedTime(checkpoint, time);
        }
        List<String> notes = new ArrayList<>();
        List<Path> saved = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }

            @Override
            public void onSave(SaveEvent event) {
                try (Stream<Path> files = Files.list(output)) {
                    saved.clear();
                    files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                            .sorted()
                            .forEach(saved::add);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                if (event.step() == 6) assertThat(saved).contains(output.resolve("checkpoint-4"));
            }
        };
        Job.train(recipe().resumeFromCheckpoint("must").build(), listener);
        assertThat(notes).contains("Going on from " + output.resolve("checkpoint-4") + ".");
        assertThat(saved).contains(output.resolve("checkpoint-8"));
        try (Stream<Path> left = Files.list(output)) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("checkpoint-")))
                    .containsExactlyInAnyOrder("checkpoint-6", "checkpoint-8");
        }
    }

    /** A crash while checkpoint 4 was replaced: both are under hidden names, and the new one was whole. */
    @Test
    void aReplacementThatBrokeOffIsFoundAgain() throws IOException {
        String id = "123e4567-e89b-12d3-a456-426614174000";
        Files.move(output.resolve("checkpoint-4"), output.resolve(".checkpoint-4." + id + ".old"));
        assertThat(Resumption.of("must", output).checkpoint()).isEqualTo(output.resolve("checkpoint-4"));
    }

    @Test
    void anotherDepthIsOneSentence() throws IOException {
        Path deeper = temp.resolve("deeper");
        Files.createDirectories(deeper);
        TinyModel.writeVocabulary(deeper, TinyModel.WORDS);
        try (Bert model = Bert.backbone(TinyModel.config(0.1).with("num_hidden_layers", 3))) {
            Rng.seed(7);
            model.initialise();
            model.save(deeper);
        }
        Recipe other =
                recipe().model(deeper.toString()).resumeFromCheckpoint("auto").build();
        assertThatThrownBy(() -> Job.train(other, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("The run that made " + output.resolve("checkpoint-4")
                        + " was another one: model has other files. Give this run the same values,");
        Recipe apply = recipe().model(deeper.toString())
                .resumeFromCheckpoint("auto")
                .onChange(OnChange.APPLY)
                .build();
        assertThatThrownBy(() -> Job.train(apply, TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(
                        "The weights in " + output.resolve("checkpoint-4/model.safetensors") + " do not fit");
    }

    /** Who asks for a run that is not there gets no folder for it. */
    @Test
    void aRunThatCameToNothingLeavesNoFolder() {
        Path nowhere = runs.output("nowhere");
        Recipe recipe = runs.recipe("nowhere")
                .train(runs.sentiment("train.csv", 28))
                .resumeFromCheckpoint("must")
                .build();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT)).isInstanceOf(CheckpointException.class);
        assertThat(nowhere).doesNotExist();
    }
}
