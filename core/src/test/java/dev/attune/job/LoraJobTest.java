package dev.attune.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.attune.adapt.LoraBias;
import dev.attune.adapt.LoraConfig;
import dev.attune.adapt.LoraConfigBuilder;
import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Weights;
import dev.attune.error.AttuneException;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.io.AtomicFolders;
import dev.attune.model.Golden;
import dev.attune.model.TinyModel;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.RunInfo;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Adapters in whole runs: from the recipe to a folder that predicts, and back. */
class LoraJobTest extends RunsFixture {
    private static final LoraConfig CONFIG =
            LoraConfig.builder().r(4).alpha(16.0).dropout(0.2).build();

    @Test
    void theRunFolderHoldsTheAdapterAlone() {
        List<RunInfo> begun = new ArrayList<>();
        Map<String, Double> results = Job.train(recipe("a").build(), new TrainingListener() {
                    @Override
                    public void onTrainBegin(RunInfo info) {
                        begun.add(info);
                    }
                })
                .allResults();
        Path run = runs.output("a");
        assertThat(run.resolve("model.safetensors")).doesNotExist();
        assertThat(names(run))
                .contains("base_model.model.bert.encoder.layer.1.attention.self.value.lora_B.weight")
                .contains("base_model.model.classifier.weight")
                .hasSize(2 * 2 * 2 + 2);
        // Two layers, query and value, (16 + 16) x 4 each; and the head, 16 x 2 + 2.
        assertThat(begun.get(0).trainableParameters()).isEqualTo(2 * 2 * 32 * 4 + 34);
        assertThat(begun.get(0).parameters()).isGreaterThan(begun.get(0).trainableParameters());
        JsonNode config = Golden.json(run.resolve("adapter_config.json"));
        assertThat(config.get("peft_type").stringValue()).isEqualTo("LORA");
        assertThat(config.get("task_type").stringValue()).isEqualTo("SEQ_CLS");
        assertThat(config.get("base_model_name_or_path").stringValue()).isEqualTo(runs.model.toString());
        assertThat(config.get("lora_alpha").intValue()).isEqualTo(16);
        assertThat(Golden.json(run.resolve("run.json")).get("files").toString())
                .contains("adapter_model.safetensors", "adapter_config.json", "base_model.json");
        for (Path checkpoint : List.of(run.resolve("checkpoint-3"), run.resolve("checkpoint-6"))) {
            assertThat(checkpoint.resolve("adapter_model.safetensors")).exists();
            assertThat(checkpoint.resolve("model.safetensors")).doesNotExist();
            try (Weights state = Safetensors.open(checkpoint.resolve(StateDict.TENSORS))) {
                assertThat(state.names().stream().filter(name -> name.endsWith("exp_avg")))
                        .as("moments of what is trained alone")
                        .hasSize(2 * 2 * 2 + 2)
                        .allMatch(name -> name.contains(".lora_") || name.contains("classifier."));
            }
        }
        Map<String, Double> again = Job.evaluate(run, data(), TrainingListener.SILENT);
        assertThat(again.get("eval_loss")).isCloseTo(results.get("eval_loss"), within(1e-6));
        assertThat(again).containsEntry("eval_accuracy", results.get("eval_accuracy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-classification", "token-classification", "question-answering", "fill-mask"})
    void everyTaskIsAdapted(String task) {
        String data = runs.rows(task);
        Job.train(
                recipe(task)
                        .task(task)
                        .train(data)
                        .validation(data)
                        .maxLength(16)
                        .build(),
                TrainingListener.SILENT);
        assertThat(Job.evaluate(runs.output(task), data, TrainingListener.SILENT)
                        .get("eval_loss"))
                .isCloseTo(
                        Golden.json(runs.output(task).resolve("all_results.json"))
                                .get("eval_loss")
                                .doubleValue(),
                        within(1e-5));
    }

    /** With dropout in the adapters, whose masks have to come again. */
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void endsWithTheSameBitsAfterAStop(boolean bf16, boolean recomputes) {
        Recipe whole = changed("whole", bf16, recomputes).build();
        Job.train(whole, TrainingListener.SILENT);
        TrainerControl control = new TrainerControl();
        assertThatThrownBy(() -> Job.train(
                        changed("cut", bf16, recomputes).build(),
                        Hooks.NONE.withControl(control),
                        new TrainingListener() {
                            @Override
                            public void onStepEnd(dev.attune.train.LogEvent event) {
                                if (event.step() == 4) control.cancel();
                            }
                        }))
                .hasMessageStartingWith("Stopped after step 4");
        Job.train(changed("cut", bf16, recomputes).resumeFromCheckpoint("must").build(), TrainingListener.SILENT);
        assertThat(runs.output("cut").resolve("adapter_model.safetensors"))
                .hasSameBinaryContentAs(runs.output("whole").resolve("adapter_model.safetensors"));
    }

    /** What is computed twice is the same: dropout of adapters comes from keys. */
    @Test
    void checkpointingOfGradientsChangesNothing() {
        Job.train(changed("plain", false, false).build(), TrainingListener.SILENT);
        Job.train(changed("again", false, true).build(), TrainingListener.SILENT);
        try (Weights one = weights(runs.output("plain"));
                Weights other = weights(runs.output("again"))) {
            for (String name : one.names()) {
                Golden.assertClose(name, Golden.floats(one, name), Golden.floats(other, name), 1e-5);
            }
        }
    }

    private Recipe.Builder changed(String output, boolean bf16, boolean recomputes) {
        Recipe.Builder recipe = recipe(output);
        return recipe.training(recipe.build().training().toBuilder()
                .bf16(bf16)
                .gradientCheckpointing(recomputes)
                .build());
    }

    @Test
    void mergedTheFolderIsAModelLikeAnyOther() {
        Job.train(recipe("adapter").build(), TrainingListener.SILENT);
        Job.train(
                recipe("merged")
                        .lora(LoraConfigBuilder.builder(CONFIG).merge(true).build())
                        .build(),
                TrainingListener.SILENT);
        Path run = runs.output("merged");
        assertThat(run.resolve("adapter_model.safetensors")).doesNotExist();
        assertThat(run.resolve("adapter_config.json")).doesNotExist();
        assertThat(Job.evaluate(run, data(), TrainingListener.SILENT))
                .containsEntry(
                        "eval_loss",
                        Job.evaluate(runs.output("adapter"), data(), TrainingListener.SILENT)
                                .get("eval_loss"));
        // A finished run is written anew as a whole model.
        Job.train(
                recipe("adapter")
                        .lora(LoraConfigBuilder.builder(CONFIG).merge(true).build())
                        .resumeFromCheckpoint("must")
                        .build(),
                TrainingListener.SILENT);
        assertThat(runs.output("adapter").resolve("model.safetensors"))
                .hasSameBinaryContentAs(run.resolve("model.safetensors"));
    }

    @Test
    void theBaseIsFoundAndKnown() throws IOException {
        Job.train(recipe("a").build(), TrainingListener.SILENT);
        Path run = runs.output("a");
        Map<String, Double> before = Job.evaluate(run, data(), TrainingListener.SILENT);
        Path moved = temp.resolve("moved");
        Files.move(runs.model, moved);
        assertThatThrownBy(() -> Job.evaluate(run, data(), TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("its base model is not there")
                .hasMessageContaining(runs.model.toString())
                .hasMessageContaining("base_model_name_or_path");
        change(run.resolve("adapter_config.json"), "base_model_name_or_path", moved.toString());
        assertThat(Job.evaluate(run, data(), TrainingListener.SILENT))
                .containsEntry("eval_loss", before.get("eval_loss"));
        // Another model of the same shape in its place.
        AtomicFolders.delete(moved);
        dev.attune.tensor.Rng.seed(1);
        Path other = TinyModel.make(moved, 0.1);
        try (var model = dev.attune.model.Models.backbone(other).model()) {
            model.parameters().values().forEach(dev.attune.nn.Parameter::initialise);
            model.save(other);
        }
        assertThatThrownBy(() -> Job.evaluate(run, data(), TrainingListener.SILENT))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("are not those that the adapter")
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void keysStandBelowLoraOrInOneLine() {
        for (String form : List.of(
                "lora: {r: 4, alpha: 16, target_modules: [query, key]}\n",
                "lora:\n  r: 4\n  alpha: 16\n  target_modules: query, key\n",
                "lora: r=4,alpha=16,target_modules=query,key\n",
                "lora: '{\"r\": 4, \"alpha\": 16, \"target_modules\": [\"query\", \"key\"]}'\n",
                "lora_r: 4\nlora_alpha: 16\nlora_target_modules: [query, key]\n")) {
            assertThat(read(form).forTraining().job().lora())
                    .as(form)
                    .isEqualTo(LoraConfig.builder()
                            .r(4)
                            .alpha(16.0)
                            .targetModules(List.of("query", "key"))
                            .build());
        }
        assertThat(read("lora: true\n").forTraining().job().lora()).isEqualTo(LoraConfig.DEFAULTS);
        assertThat(read("lora: false\n").forTraining().job().lora()).isNull();
        assertThat(read("").forTraining().job().lora()).isNull();
        assertThat(read("").forTraining().toMap().keySet().stream().filter(key -> key.startsWith("lora_")))
                .isEmpty();
        Recipe flags = read("lora: {r: 4}\n").flag("--lora-alpha", "32").forTraining();
        assertThat(flags.job().lora().alpha()).isEqualTo(32);
        assertThat(flags.toMap()).containsEntry("lora_r", 4).containsEntry("lora_bias", "none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lora: {r: 0} | my.yaml:4: lora_r is 0, but must be a whole number, at least 1",
                "lora: {alpha: 0} | lora_alpha is 0",
                "lora: {dropout: 1} | lora_dropout is 1",
                "lora: {bias: some} | lora_bias is \"some\", but must be one of none, all, lora_only.",
                "lora: {lora_alpha: 8} | Use lora_alpha: below lora it is called alpha.",
                "lora: {use_dora: true} | lora_use_dora is a Hugging Face argument that this version does not support yet.",
                "lora: {rnk: 8} | There is no key \"lora_rnk\".",
                "lora: r=8,lora_alpha=16 | lora has \"lora_alpha\", which is no key of it. It is called alpha here.",
                "lora: r=zero | lora: r is \"zero\", but must be a whole number",
                "lora: maybe | lora has \"maybe\", but true or name=value was expected.",
                "lora: {layers_to_transform: [last]} | lora_layers_to_transform has \"last\"",
            })
    void mistakesAreSaid(String yaml, String sentence) {
        assertThatThrownBy(() -> read(yaml + "\n").forTraining())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void whatDoesNotFitTogetherIsSaid() {
        assertThatThrownBy(() -> read("lora: false\nlora_r: 4\n").forTraining())
                .hasMessageContaining("lora is false, but has other keys below it.");
        assertThatThrownBy(() -> read("lora: true\nfreeze: base\nunfreeze_layers_per_epoch: 1\n")
                        .forTraining())
                .hasMessageContaining("lora trains its own tables and freezes all else, but freeze names parts")
                .hasMessageContaining("unfreeze_layers_per_epoch would train the model below the adapters of lora.");
        assertThatThrownBy(() -> recipe("u")
                        .untrainedModel(runs.model.resolve("config.json"), runs.model)
                        .build())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lora trains adapters beside pretrained weights, but model_config");
        assertThatThrownBy(() -> LoraConfig.builder().r(0).build()).hasMessageContaining("r is 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target_modules=qurey | lora_target_modules has \"qurey\", but no linear layer of the model has a name with"
                        + " this end. Did you mean \"query\"?",
                "modules_to_save=poller | lora_modules_to_save has \"poller\", but no part of the model has a name with this"
                        + " end. Did you mean \"pooler\"?",
                "layers_to_transform=7 | lora_layers_to_transform has 7, but the layers with such modules have the numbers"
                        + " 0, 1.",
                "target_modules=classifier | lora_target_modules has \"classifier\"",
            })
    void namesThatMeanNothingAreSaid(String lora, String sentence) {
        LoraConfig config = LoraConfig.builder().text(lora).build();
        assertThatThrownBy(() -> Job.train(recipe("n").lora(config).build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void adaptersOfOtherKindsAreRefused() throws IOException {
        Job.train(recipe("a").build(), TrainingListener.SILENT);
        Path config = runs.output("a").resolve("adapter_config.json");
        String good = Files.readString(config);
        for (var bad : Map.of(
                        "peft_type",
                        "PROMPT_TUNING",
                        "use_dora",
                        true,
                        "rank_pattern",
                        Map.of("query", 4),
                        "init_lora_weights",
                        "pissa",
                        "r",
                        5,
                        "lora_alpha",
                        "many")
                .entrySet()) {
            change(config, bad.getKey(), bad.getValue());
            assertThatThrownBy(() -> Job.evaluate(runs.output("a"), data(), TrainingListener.SILENT))
                    .as(bad.toString())
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(
                            bad.getKey().equals("r") ? "but r is 5 in adapter_config.json" : bad.getKey());
            Files.writeString(config, good);
        }
        // Of another task, whose head this one does not have.
        assertThatThrownBy(() -> TrainedJob.evaluate(
                        TrainedOptions.of(runs.output("a").toString(), "question-answering", new RecipeReader()),
                        runs.rows("question-answering"),
                        TrainingListener.SILENT))
                .isInstanceOf(AttuneException.class)
                .hasMessageContaining("belongs to no part of BertForQuestionAnswering");
        assertThatThrownBy(() -> Job.train(
                        recipe("second").model(runs.output("a").toString()).build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("which is an adapter itself");
    }

    /** Without lora it is a beginning like any other: the merged model. */
    @Test
    void anAdapterMayBeTrainedOnAsAWholeModel() {
        Job.train(recipe("a").build(), TrainingListener.SILENT);
        Job.train(recipe("whole").model(runs.output("a").toString()).lora(null).build(), TrainingListener.SILENT);
        assertThat(runs.output("whole").resolve("model.safetensors")).exists();
    }

    @Test
    void biasesAreSavedAndCount() {
        for (LoraBias bias : LoraBias.values()) {
            LoraConfig config = LoraConfig.builder().r(4).bias(bias).build();
            String output = bias.name().toLowerCase(java.util.Locale.ROOT);
            double loss = Job.train(recipe(output).lora(config).build(), TrainingListener.SILENT)
                    .allResults()
                    .get("eval_loss");
            assertThat(Job.evaluate(runs.output(output), data(), TrainingListener.SILENT)
                            .get("eval_loss"))
                    .as(output)
                    .isCloseTo(loss, within(1e-6));
        }
        assertThat(names(runs.output("lora_only")))
                .contains("base_model.model.bert.encoder.layer.0.attention.self.query.base_layer.bias")
                .doesNotContain("base_model.model.bert.encoder.layer.0.attention.self.key.bias");
        assertThat(names(runs.output("all"))).contains("base_model.model.bert.encoder.layer.0.attention.self.key.bias");
    }

    /** The arguments of before hold, and none of the new ones: with and without adapters. */
    @Test
    void otherAdaptersOnTheWayAreSaid() {
        Job.train(recipe("a").build(), TrainingListener.SILENT);
        LoraConfig other = LoraConfigBuilder.builder(CONFIG)
                .r(2)
                .targetModules(List.of("key"))
                .build();
        assertThatThrownBy(() -> Job.train(
                        recipe("a").lora(other).resumeFromCheckpoint("must").build(), TrainingListener.SILENT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lora_r was 4 and is 2")
                .hasMessageContaining("lora_target_modules was not set and is [\"key\"]");
        for (LoraConfig now : new LoraConfig[] {other, null}) {
            Recipe kept = recipe("a")
                    .lora(now)
                    .resumeFromCheckpoint("must")
                    .onChange(OnChange.KEEP)
                    .build();
            Job.train(kept, TrainingListener.SILENT);
            assertThat(Golden.json(runs.output("a").resolve("run.json"))
                            .at("/arguments/lora_r")
                            .intValue())
                    .isEqualTo(4);
        }
    }

    private Recipe.Builder recipe(String output) {
        return runs.recipe(
                        output,
                        b -> b.numTrainEpochs(2)
                                .saveStrategy(SaveStrategy.STEPS)
                                .saveSteps(3)
                                .evalStrategy(IntervalStrategy.EPOCH))
                .lora(CONFIG)
                .train(data())
                .validation(data());
    }

    private String data() {
        return runs.sentiment("data.csv", 24);
    }

    private static List<String> names(Path run) {
        try (Weights weights = weights(run)) {
            return List.copyOf(weights.names());
        }
    }

    private static Weights weights(Path run) {
        return Safetensors.open(run.resolve("adapter_model.safetensors"));
    }

    private static void change(Path file, String key, Object value) throws IOException {
        JsonMapper json = JsonMapper.shared();
        ObjectNode node = (ObjectNode) json.readTree(Files.readString(file));
        node.set(key, json.valueToTree(value));
        Files.writeString(file, json.writeValueAsString(node));
    }

    private RecipeReader read(String more) {
        runs.sentiment("train.csv", 8);
        String yaml = "model: " + runs.model + "\ntrain: train.csv\noutput_dir: " + runs.output("y") + "\n" + more;
        return new RecipeReader().text("my.yaml", yaml, temp);
    }
}
