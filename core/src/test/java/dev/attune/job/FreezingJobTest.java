package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.error.ConfigException;
import dev.attune.model.Golden;
import dev.attune.train.FrozenPrefixMode;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Freezing in whole runs: from the recipe to what the folder tells. */
class FreezingJobTest extends RunsFixture {
    @Test
    void theKeyHasAllForms() {
        List<String> entries = List.of("embeddings", "encoder.layer[0,1]", "pooler");
        for (String form : List.of(
                "freeze: embeddings, encoder.layer[0,1], pooler\n",
                "freeze: [embeddings, 'encoder.layer[0,1]', pooler]\n",
                "freeze:\n- embeddings\n- encoder.layer[0,1]\n- pooler\n")) {
            assertThat(read(form).forTraining().training().freeze()).as(form).isEqualTo(entries);
        }
        assertThat(read("freeze: base\n")
                        .flag("--freeze", "embeddings,encoder.layer[0,1],pooler")
                        .forTraining()
                        .training()
                        .freeze())
                .isEqualTo(entries);
        assertThat(read("freeze: \"all_but_last: 2\"\n")
                        .forTraining()
                        .training()
                        .freeze())
                .containsExactly("all_but_last: 2");
    }

    @Test
    void mistakesHaveTheirPlace() {
        assertThatThrownBy(() -> read("freeze: encoder.layer[1\n").forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("my.yaml:4: freeze has \"encoder.layer[1\", which is no name.");
        assertThatThrownBy(() -> read("unfreeze_layers_per_epoch: 0\n").forTraining())
                .hasMessageContaining("unfreeze_layers_per_epoch is 0, but must be a whole number, at least 1");
    }

    /** A model is loaded before its names are known, but the folder is as it was. */
    @Test
    void aNameThatTheModelLacksLeavesAnOlderRun() throws IOException {
        Job.train(recipe("a", List.of()).build(), TrainingListener.SILENT);
        byte[] before = Files.readAllBytes(runs.output("a").resolve("run.json"));
        Recipe wrong = recipe("a", List.of("embedings")).overwrite(true).build();
        assertThatThrownBy(() -> Job.train(wrong, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Did you mean \"embeddings\"?");
        assertThat(runs.output("a").resolve("run.json")).hasBinaryContent(before);
        assertThat(runs.output("a").resolve("model.safetensors")).exists();
        Recipe nothing = recipe("b", List.of("*")).build();
        assertThatThrownBy(() -> Job.train(nothing, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("freeze leaves nothing to train");
        assertThat(runs.output("b")).doesNotExist();
    }

    @Test
    void theFolderTellsWhatWasTrained() {
        List<RunInfo> begun = new ArrayList<>();
        Job.train(recipe("a", List.of("embeddings", "encoder.layer[:1]")).build(), new TrainingListener() {
            @Override
            public void onTrainBegin(RunInfo info) {
                begun.add(info);
            }
        });
        RunInfo info = begun.get(0);
        assertThat(info.trainableParameters()).isPositive().isLessThan(info.parameters());
        assertThat(info.parts().trained()).isEqualTo(info.trainableParameters());
        Path folder = runs.output("a");
        JsonNode run = Golden.json(folder.resolve("run.json"));
        assertThat(run.at("/arguments/freeze").toString()).isEqualTo("[\"embeddings\",\"encoder.layer[:1]\"]");
        List<String> parts = new ArrayList<>();
        run.get("parameters").forEach(part -> parts.add(part.get("part").stringValue()));
        assertThat(parts).containsExactly("embeddings", "layer 0", "layer 1", "pooler", "classifier");
        assertThat(run.at("/parameters/1/trained").asLong()).isZero();
        assertThat(run.at("/parameters/2/frozen").asLong()).isZero();
        String layer = "| layer 0 | 0 | " + run.at("/parameters/1/frozen").asLong() + " |";
        assertThat(folder.resolve("README.md"))
                .content()
                .contains("trained parameters")
                .contains(layer);
        assertThat(folder.resolve("report.html"))
                .content()
                .contains("trained parameters")
                .contains("trained in layer 1");
        try (Weights before = Safetensors.open(runs.model.resolve("model.safetensors"));
                Weights after = Safetensors.open(folder.resolve("model.safetensors"))) {
            for (String name : before.names()) {
                boolean frozen = name.startsWith("embeddings.") || name.startsWith("encoder.layer.0.");
                boolean same = before.bytes(name).equals(after.bytes("bert." + name));
                assertThat(same).as(name).isEqualTo(frozen);
            }
        }
    }

    @Test
    void withoutTheKeyNothingIsTold() {
        Job.train(recipe("a", List.of()).build(), TrainingListener.SILENT);
        assertThat(Golden.json(runs.output("a").resolve("run.json")).has("parameters"))
                .isFalse();
        assertThat(runs.output("a").resolve("README.md")).content().doesNotContain("trained parameters");
    }

    @Test
    void whatSavesNothingIsANote() {
        List<String> notes = new ArrayList<>();
        Job.train(recipe("a", List.of("encoder.layer[:1]", "pooler")).build(), Runs.notesInto(notes));
        assertThat(notes)
                .anySatisfy(note -> assertThat(note).startsWith("Frozen, but something below is trained: layer 0."));
    }

    /** Hidden words are others in every epoch. */
    @Test
    void nothingIsKeptOfTextsWhoseWordsAreHiddenAnew() {
        String texts = runs.file("texts.txt", "the film was good", "the food was not bad", "very nice and great");
        String yaml = "task: fill-mask\nmodel: " + runs.model + "\ntrain: " + texts + "\noutput_dir: "
                + runs.output("m") + "\nfreeze: embeddings, encoder.layer[:1]\nfrozen_prefix: cache\n";
        Recipe recipe = new RecipeReader().text("my.yaml", yaml, runs.folder).forTraining();
        assertThatThrownBy(() -> Job.train(recipe, TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "frozen_prefix is \"cache\", but the examples of this task are others in every epoch");
        assertThat(runs.output("m")).doesNotExist();
    }

    @Test
    void theCacheWorksInAWholeRun() {
        List<String> notes = new ArrayList<>();
        Recipe recipe = runs.recipe(
                        "c",
                        b -> b.freeze(List.of("embeddings", "encoder.layer[:1]"))
                                .frozenPrefix(FrozenPrefixMode.CACHE)
                                .evalStrategy(IntervalStrategy.EPOCH))
                .train(runs.sentiment("train.csv", 24))
                .validation(runs.sentiment("v.csv", 10))
                .build();
        Job.train(recipe, Runs.notesInto(notes));
        assertThat(notes)
                .anySatisfy(
                        note -> assertThat(note).contains("first 1 layers are frozen: computed once for 24 examples"))
                .anySatisfy(
                        note -> assertThat(note).contains("first 1 layers are frozen: computed once for 10 examples"));
        // What the run measured with the kept states is what the finished model gives without.
        double measured = Golden.json(runs.output("c").resolve("all_results.json"))
                .get("eval_loss")
                .asDouble();
        double again = Job.evaluate(
                        runs.output("c"), runs.folder.resolve("v.csv").toString(), TrainingListener.SILENT)
                .get("eval_loss");
        assertThat(again).isCloseTo(measured, within(1e-5));
    }

    private Recipe.Builder recipe(String output, List<String> freeze) {
        return runs.recipe(output, b -> b.freeze(freeze)).train(runs.sentiment("train.csv", 24));
    }

    private RecipeReader read(String more) {
        runs.sentiment("train.csv", 8);
        String yaml = "model: " + runs.model + "\ntrain: train.csv\noutput_dir: " + runs.output("y") + "\n" + more;
        return new RecipeReader().text("my.yaml", yaml, runs.folder);
    }
}
