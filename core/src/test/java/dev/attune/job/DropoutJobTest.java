package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.error.ConfigException;
import dev.attune.error.StoppedException;
import dev.attune.model.Golden;
import dev.attune.task.questionanswering.QuestionAnsweringSettings;
import dev.attune.train.LogEvent;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The keys of dropout in whole runs. */
class DropoutJobTest extends RunsFixture {
    @Test
    void whatIsInForceIsNotedAndStored() {
        String data = runs.sentiment("train.csv", 16);
        String yaml = "model: " + runs.model + "\ntrain: " + data + "\noutput_dir: " + runs.output("a")
                + "\nnum_train_epochs: 1\nhidden_dropout: 0.25\nclassifier_dropout: 0\n";
        List<String> notes = new ArrayList<>();
        Recipe recipe = new RecipeReader().text("my.yaml", yaml, temp).forTraining();
        Job.train(recipe, Runs.notesInto(notes));
        assertThat(notes)
                .contains("Dropout in training: hidden_dropout 0.25, attention_dropout 0.1, classifier_dropout 0.0.");
        JsonNode run = Golden.json(runs.output("a").resolve("run.json"));
        assertThat(run.at("/dropout/hidden_dropout").doubleValue()).isEqualTo(0.25);
        assertThat(run.at("/dropout/attention_dropout").doubleValue()).isEqualTo(0.1);
        assertThat(run.at("/arguments/classifier_dropout").doubleValue()).isZero();
        assertThat(run.at("/arguments/attention_dropout").isNull()).isTrue();
        JsonNode config = Golden.json(runs.output("a").resolve("config.json"));
        assertThat(config.get("hidden_dropout_prob").doubleValue()).isEqualTo(0.25);
        assertThat(config.get("attention_probs_dropout_prob").doubleValue()).isEqualTo(0.1);
        assertThat(config.get("classifier_dropout").doubleValue()).isZero();
    }

    @Test
    void theKeysGiveWhatTheModelsOwnRatesGive() {
        String data = runs.sentiment("train.csv", 24);
        Job.train(
                runs.recipe("keys")
                        .hiddenDropout(0.3)
                        .attentionDropout(0.2)
                        .classifierDropout(0.3)
                        .train(data)
                        .build(),
                TrainingListener.SILENT);
        Runs own = new Runs(temp.resolve("own"), 0.3);
        Job.train(own.recipe("own").attentionDropout(0.2).train(data).build(), TrainingListener.SILENT);
        assertThat(runs.output("keys").resolve("model.safetensors"))
                .hasSameBinaryContentAs(own.output("own").resolve("model.safetensors"));
    }

    @Test
    void goesOnWithTheSameRatesAndRefusesOthers() {
        String data = runs.sentiment("train.csv", 32);
        Job.train(recipe("whole", data).hiddenDropout(0.4).build(), TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() -> Job.train(
                        recipe("cut", data).hiddenDropout(0.4).build(),
                        Hooks.NONE.withControl(control),
                        new TrainingListener() {
                            @Override
                            public void onStepEnd(LogEvent event) {
                                if (event.step() == 2) control.cancel();
                            }
                        }))
                .isInstanceOf(StoppedException.class);
        assertThatThrownBy(() -> Job.train(
                        recipe("cut", data)
                                .hiddenDropout(0.1)
                                .resumeFromCheckpoint("must")
                                .build(),
                        TrainingListener.SILENT))
                .hasMessageContaining("hidden_dropout was 0.4 and is 0.1");
        Job.train(
                recipe("cut", data)
                        .hiddenDropout(0.4)
                        .resumeFromCheckpoint("must")
                        .build(),
                TrainingListener.SILENT);
        assertThat(runs.output("cut").resolve("model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("model.safetensors"));
    }

    private Recipe.Builder recipe(String output, String data) {
        return runs.recipe(output, b -> b.saveStrategy(SaveStrategy.STEPS).saveSteps(1))
                .train(data);
    }

    @Test
    void mistakes() {
        String data = runs.file("qa.jsonl", """
                {"id": "1", "context": "the film was good", "question": "was the film good", "answers": {"text": ["good"], "answer_start": [13]}}""");
        assertThatThrownBy(() -> Job.train(
                        runs.recipe("qa")
                                .settings(QuestionAnsweringSettings.builder().build())
                                .classifierDropout(0.2)
                                .train(data)
                                .build(),
                        TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessage("classifier_dropout is set, but a model of the type bert for question answering has no such"
                        + " dropout. Delete the key. There is hidden_dropout and attention_dropout.");
        assertThat(runs.output("qa")).doesNotExist();
        String yaml =
                "model: m\ntrain: t.csv\noutput_dir: o\nhidden_dropout: 1\nattention_dropout: -0.1\nhidden_dropou: 0\n";
        assertThatThrownBy(() -> new RecipeReader().text("my.yaml", yaml, temp).forTraining())
                .hasMessageContaining(
                        "my.yaml:4: hidden_dropout is 1.0, but must be a number, at least 0 and less than 1")
                .hasMessageContaining("my.yaml:5: attention_dropout is -0.1")
                .hasMessageContaining("Did you mean \"hidden_dropout\"?");
    }
}
