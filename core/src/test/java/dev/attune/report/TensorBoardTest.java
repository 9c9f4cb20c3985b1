package dev.attune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
    @TempDir
    Path temp;

    private static LogEvent log(int step, boolean periodic) {
        return new LogEvent(
                step, 20, step / 10.0, 2, 1.5, 1.25, 5e-5, 0.75, 8, 100, 900, 0.5, 1 << 20, Double.NaN, periodic);
    }

    private static void step(TensorBoard board, int step, boolean periodic) {
        board.onStepEnd(log(step, periodic));
        if (periodic) board.onLog(log(step, true));
    }

    @Test
    void tagsAreThoseOfTheReference() throws IOException {
        try (TensorBoard board = new TensorBoard(temp, TrainingListener.SILENT)) {
            step(board, 1, false);
            step(board, 2, true);
            board.onEvaluate(new EvaluationEvent(2, 0.2, Map.of("eval_loss", 0.5)));
            Map<String, Double> results = new LinkedHashMap<>();
            results.put("epoch", 0.2);
            results.put("eval_loss", 0.5);
            results.put("eval_samples", 7.0);
            results.put("test_accuracy", 0.25);
            results.put("test_samples", 3.0);
            results.put("train_loss", 1.5);
            results.put("train_samples", 100.0);
            results.put("train_steps_per_second", 4.0);
            board.onTrainEnd(new TrainSummary(temp, results, "", ""));
        }
        List<Path> files = Events.files(temp);
        assertThat(files).hasSize(1);
        List<Events.Event> events = Events.read(files.get(0));
        assertThat(events).extracting(Events.Event::step).containsExactly(0L, 1L, 2L, 2L, 2L);
        assertThat(events.get(1).isStart()).isTrue();
        assertThat(events.get(2).scalars())
                .containsExactly(
                        Map.entry("train/loss", 1.5f),
                        Map.entry("train/grad_norm", 0.75f),
                        Map.entry("train/learning_rate", 5e-5f),
                        Map.entry("train/epoch", 0.2f),
                        Map.entry("train/tokens_per_second", 900f),
                        Map.entry("train/real_token_share", 0.5f),
                        Map.entry("train/resident_bytes", (float) (1 << 20)));
        assertThat(events.get(3).scalars())
                .containsExactly(Map.entry("eval/loss", 0.5f), Map.entry("train/epoch", 0.2f));
        assertThat(events.get(4).scalars())
                .containsExactly(
                        Map.entry("train/epoch", 0.2f),
                        Map.entry("test/accuracy", 0.25f),
                        Map.entry("train/train_loss", 1.5f),
                        Map.entry("train/train_steps_per_second", 4f));
    }

    @Test
    void aRunThatGoesOnBeginsANewFileAtItsStep() throws IOException {
        try (TensorBoard board = new TensorBoard(temp, TrainingListener.SILENT)) {
            for (int step = 1; step <= 8; step++) step(board, step, true);
        }
        try (TensorBoard board = new TensorBoard(temp, TrainingListener.SILENT)) {
            for (int step = 6; step <= 10; step++) step(board, step, true);
        }
        List<Path> files = Events.files(temp);
        assertThat(files).hasSize(2);
        List<Events.Event> second = Events.read(files.get(1));
        assertThat(second.get(1).isStart()).isTrue();
        assertThat(second.get(1).step()).isEqualTo(6);
        assertThat(second).extracting(Events.Event::step).containsExactly(0L, 6L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void withoutAStepThereIsNoFile() throws IOException {
        try (TensorBoard board = new TensorBoard(temp, TrainingListener.SILENT)) {
            board.onTrainEnd(new TrainSummary(temp, Map.of("train_loss", 1.0), "", ""));
        }
        assertThat(Events.files(temp)).isEmpty();
    }

    @Test
    void aFileThatCannotBeWrittenIsToldOnceAndEndsNoTraining() {
        List<String> notes = new ArrayList<>();
        List<LogEvent> heard = new ArrayList<>();
        TrainingListener next = new TrainingListener() {
            @Override
            public void onMessage(String text) {
                notes.add(text);
            }

            @Override
            public void onStepEnd(LogEvent event) {
                heard.add(event);
            }
        };
        Path nowhere = temp.resolve("nowhere");
        try (TensorBoard board = new TensorBoard(nowhere, next)) {
            step(board, 1, true);
            step(board, 2, true);
        }
        assertThat(Files.exists(nowhere)).isFalse();
        assertThat(heard).hasSize(2);
        assertThat(notes).hasSize(1);
        assertThat(notes.get(0))
                .startsWith("The event file for TensorBoard in " + nowhere + " cannot be written (")
                .contains("NoSuchFileException")
                .endsWith("Training goes on without it; metrics.jsonl has the same numbers.");
    }
}
