package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.StoppedException;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Averaged weights and noise in whole runs. */
class AverageJobTest extends RunsFixture {
    private Recipe.Builder recipe(String output) {
        return runs.recipe(
                        output,
                        b -> b.emaDecay(0.8)
                                .neftuneNoiseAlpha(5.0)
                                .numTrainEpochs(2)
                                .evalStrategy(IntervalStrategy.STEPS)
                                .evalSteps(2.0)
                                .saveStrategy(SaveStrategy.STEPS)
                                .saveSteps(2)
                                .loadBestModelAtEnd(true))
                .train(runs.sentiment("train.csv", 32))
                .validation(runs.sentiment("validation.csv", 20));
    }

    /** What the run reports is what the saved model does, and each checkpoint has the model that was evaluated at its step. */
    @Test
    void theSavedModelIsTheOneThatWasEvaluated() {
        TrainSummary done = Job.train(recipe("a").build(), TrainingListener.SILENT);
        double reported = done.allResults().get("eval_loss");
        assertThat(loss(runs.output("a"))).isCloseTo(reported, within(1e-6));
        double best = Double.POSITIVE_INFINITY;
        for (int step = 2; step <= 8; step += 2) {
            best = Math.min(best, loss(runs.output("a").resolve("checkpoint-" + step)));
        }
        assertThat(reported).isCloseTo(best, within(1e-6));
    }

    private double loss(Path model) {
        return Job.evaluate(model, runs.sentiment("validation.csv", 20), TrainingListener.SILENT)
                .get("eval_loss");
    }

    @Test
    void goesOnAsIfNothingHadHappened() {
        Job.train(recipe("whole").build(), TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() ->
                        Job.train(recipe("cut").build(), Hooks.NONE.withControl(control), new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == 5) control.cancel();
                            }
                        }))
                .isInstanceOf(StoppedException.class);
        Job.train(recipe("cut").resumeFromCheckpoint("must").build(), TrainingListener.SILENT);
        assertThat(runs.output("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("model.safetensors"));
    }
}
