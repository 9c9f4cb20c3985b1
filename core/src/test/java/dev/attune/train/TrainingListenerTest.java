package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of what a run tells, as the reference's callbacks hear it. */
class TrainingListenerTest {
    private static final class Heard implements TrainingListener {
        private final List<String> events = new ArrayList<>();

        @Override
        public void onEpochBegin(EpochEvent event) {
            events.add("epoch " + event.epoch() + " begins after " + event.step());
        }

        @Override
        public void onStepBegin(int step) {
            events.add("step " + step + " begins");
        }

        @Override
        public void onStepEnd(LogEvent event) {
            events.add("step " + event.step() + " ends");
        }

        @Override
        public void onLog(LogEvent event) {
            events.add("log " + event.step());
        }

        @Override
        public void onEvaluate(EvaluationEvent event) {
            events.add("evaluate " + event.step());
        }

        @Override
        public void onSave(SaveEvent event) {
            events.add("save " + event.step());
        }

        @Override
        public void onEpochEnd(EpochEvent event) {
            events.add("epoch " + event.epoch() + " ends after " + event.step());
        }
    }

    @Test
    void hearsAllInOrder(@TempDir Path run) {
        assertThat(heard(run, false))
                .containsExactly(
                        "epoch 0 begins after 0",
                        "step 1 begins",
                        "step 1 ends",
                        "step 2 begins",
                        "step 2 ends",
                        "log 2",
                        "evaluate 2",
                        "save 2",
                        "epoch 0 ends after 2",
                        "epoch 1 begins after 2",
                        "step 3 begins",
                        "step 3 ends",
                        "step 4 begins",
                        "step 4 ends",
                        "log 4",
                        "evaluate 4",
                        "save 4",
                        "epoch 1 ends after 4");
        assertThat(heard(run, true))
                .startsWith("epoch 1 begins after 2", "step 3 begins")
                .endsWith("epoch 1 ends after 4");
    }

    private static List<String> heard(Path run, boolean resume) {
        TrainingArguments args = TrainingArguments.builder()
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(2)
                .loggingSteps(2)
                .evalStrategy(IntervalStrategy.EPOCH)
                .saveStrategy(SaveStrategy.EPOCH)
                .build();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            examples.add(new Example(new int[] {5, 6, 7 + i}, new int[3], new int[] {i % 2}, new float[0]));
        }
        Heard heard = new Heard();
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            Trainer trainer = new Trainer(args, task, Examples.of(examples), EvaluationSet.of(examples), heard)
                    .savingTo(run, model::save, Map.of());
            if (resume) trainer.resume(run.resolve("checkpoint-2"));
            else trainer.run();
        }
        return heard.events;
    }
}
