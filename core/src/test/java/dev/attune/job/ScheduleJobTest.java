package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.optim.ScheduleArguments;
import dev.attune.train.EvaluationEvent;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveStrategy;
import dev.attune.train.SchedulerType;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Schedules in whole runs: from the recipe to the rates of the steps. */
class ScheduleJobTest extends RunsFixture {
    @Test
    void argumentsStandBelowTheKeyOrInOneLine() {
        String type = "lr_scheduler_type: cosine_with_restarts\n";
        for (String form : List.of(
                "lr_scheduler_kwargs: {num_cycles: 3}\n",
                "lr_scheduler_kwargs:\n  num_cycles: 3\n",
                "lr_scheduler_kwargs: num_cycles=3\n",
                "lr_scheduler_kwargs: '{\"num_cycles\": 3}'\n")) {
            TrainingArguments arguments = read(type + form).forTraining().training();
            assertThat(arguments.lrSchedulerKwargs())
                    .as(form)
                    .isEqualTo(ScheduleArguments.builder().numCycles(3.0).build());
            assertThat(arguments.toMap()).containsEntry("lr_scheduler_kwargs_num_cycles", 3.0);
        }
        for (String flag : List.of("--lr-scheduler-kwargs=num_cycles=4", "--lr-scheduler-kwargs-num-cycles=4")) {
            int at = flag.indexOf('=');
            RecipeReader reader = read(type + "lr_scheduler_kwargs: {num_cycles: 3}\n")
                    .flag(flag.substring(0, at), flag.substring(at + 1));
            assertThat(reader.forTraining().training().scheduleArguments().numCycles())
                    .as(flag)
                    .isEqualTo(4.0);
        }
    }

    @Test
    void mistakesHaveTheirPlace() {
        assertThatThrownBy(() -> read("lr_scheduler_kwargs: {num_cycles: 3}\n").forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("my.yaml:4: lr_scheduler_kwargs has num_cycles, which belongs to cosine");
        assertThatThrownBy(() -> read("lr_scheduler_kwargs: {num_cycls: 3}\n").forTraining())
                .hasMessageContaining("my.yaml:4: There is no key \"lr_scheduler_kwargs_num_cycls\".")
                .hasMessageContaining("Did you mean \"lr_scheduler_kwargs_num_cycles\"?");
        assertThatThrownBy(() -> read("lr_scheduler_type: polynomial\nlr_scheduler_kwargs: {lr_end: 1}\n")
                        .forTraining())
                .hasMessageContaining(
                        "my.yaml:5: polynomial falls from learning_rate to lr_end, but they are 5.0E-5 and 1.0.");
    }

    /** As in the reference: every evaluation counts but that before the first step. */
    @Test
    void aPlateauLowersTheRateOfTheNextEpoch() {
        List<Double> rates = rates(plateau("a").build());
        // Two steps an epoch. No evaluation is ten times better, so each one after the first halves the rate.
        double[] expected = {5e-3, 5e-3, 5e-3, 5e-3, 2.5e-3, 2.5e-3, 1.25e-3, 1.25e-3};
        assertThat(rates).hasSize(8);
        for (int i = 0; i < 8; i++)
            assertThat(rates.get(i)).as("step %d", i + 1).isCloseTo(expected[i], within(1e-15));
        assertThat(runs.output("a").resolve("learning-rate.svg")).content().contains("Learning rate");
        assertThat(Golden.json(runs.output("a").resolve("run.json"))
                        .at("/arguments/lr_scheduler_kwargs_threshold_mode")
                        .stringValue())
                .isEqualTo("rel");
    }

    @Test
    void aPlateauGoesOnWhereItWas() {
        List<Double> whole = rates(plateau("whole").build());
        TrainerControl control = new TrainerControl();
        List<Double> first = new ArrayList<>();
        assertThatThrownBy(() ->
                        Job.train(plateau("cut").build(), Hooks.NONE.withControl(control), listener(first, event -> {
                            if (first.size() == 6) control.cancel();
                        })))
                .hasMessageStartingWith("Stopped after step");
        List<Double> second = rates(plateau("cut").resumeFromCheckpoint("must").build());
        List<Double> both = new ArrayList<>(first);
        both.addAll(second);
        assertThat(both).isEqualTo(whole);
        assertThat(runs.output("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("model.safetensors"));
        assertThat(runs.output("cut").resolve("learning-rate.svg"))
                .hasSameTextualContentAs(runs.output("whole").resolve("learning-rate.svg"));
    }

    private Recipe.Builder plateau(String output) {
        ScheduleArguments arguments = ScheduleArguments.builder()
                .factor(0.5)
                .patience(0)
                .threshold(0.9)
                .thresholdMode(ScheduleArguments.ThresholdMode.REL)
                .build();
        return runs.recipe(
                        output,
                        b -> b.numTrainEpochs(4)
                                .lrSchedulerType(SchedulerType.REDUCE_LR_ON_PLATEAU)
                                .lrSchedulerKwargs(arguments)
                                .evalOnStart(true)
                                .evalStrategy(IntervalStrategy.EPOCH)
                                .saveStrategy(SaveStrategy.EPOCH))
                .train(runs.sentiment("train.csv", 16))
                .validation(runs.sentiment("v.csv", 12));
    }

    private static List<Double> rates(Recipe recipe) {
        List<Double> rates = new ArrayList<>();
        Job.train(recipe, listener(rates, event -> {}));
        return rates;
    }

    private static TrainingListener listener(List<Double> rates, Consumer<EvaluationEvent> onEvaluate) {
        return new TrainingListener() {
            @Override
            public void onStepEnd(LogEvent event) {
                rates.add(event.learningRate());
            }

            @Override
            public void onEvaluate(EvaluationEvent event) {
                onEvaluate.accept(event);
            }
        };
    }

    private RecipeReader read(String more) {
        runs.sentiment("train.csv", 8);
        String yaml = "model: " + runs.model + "\ntrain: train.csv\noutput_dir: " + runs.output("y") + "\n" + more;
        return new RecipeReader().text("my.yaml", yaml, temp);
    }
}
