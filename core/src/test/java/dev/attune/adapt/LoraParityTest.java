package dev.attune.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Batch;
import dev.attune.model.Golden;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.nn.Parameter;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.train.TrainerGolden;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Adapters on a tiny BERT against PEFT. Made by {@code parity/make_lora_golden.py}. */
class LoraParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "rslora", "everything", "last-layer"})
    void logitsGradientsAndMergedWeightsEqualTheReference(String name) {
        Path folder = Golden.path("adapt/" + name);
        LoadedModel loaded = base();
        try (var model = loaded.model();
                Weights expected = Safetensors.open(folder.resolve("golden.safetensors"))) {
            Lora lora = Lora.attach(
                    loaded, config(Golden.json(folder.resolve("case.json")).get("config")), null);
            lora.load(folder.resolve("random"));
            Batch batch = Batch.of(TrainerGolden.examples().subList(0, 8));
            TextClassificationTask task = task(model);
            try (Scope scope = Scope.open()) {
                Tensor logits = task.forward(batch);
                Golden.assertClose("logits", logits, expected, "logits", 1e-5);
                task.lossSum(logits, batch, 0).div(task.weight(batch)).backward();
                assertThat(expected.names().stream().filter(n -> n.startsWith("grad.")))
                        .hasSize(lora.trained().size());
                for (Map.Entry<String, Parameter> trained : lora.trained().entrySet()) {
                    Tensor gradient = trained.getValue().value().grad();
                    assertThat(gradient).as("gradient of " + trained.getKey()).isNotNull();
                    Golden.assertClose(trained.getKey(), gradient, expected, "grad." + trained.getKey(), 1e-5);
                }
            }
            lora.merge();
            assertThat(model.parameters()).hasSize((int) expected.names().stream()
                    .filter(n -> n.startsWith("merged."))
                    .count());
            model.parameters().forEach((parameter, value) -> {
                value.value().clearGrad();
                Golden.assertClose(parameter, value.value(), expected, "merged." + parameter, 1e-5);
            });
            try (Scope scope = Scope.open()) {
                Golden.assertClose("logits of the merged model", task.forward(batch), expected, "logits", 1e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "rslora", "everything", "last-layer"})
    void twentyStepsEqualTheReference(String name) {
        Path folder = Golden.path("adapt/" + name);
        JsonNode golden = Golden.json(folder.resolve("case.json"));
        LoadedModel loaded = base();
        try (var model = loaded.model()) {
            Lora lora = Lora.attach(loaded, config(golden.get("config")), null);
            lora.load(folder.resolve("start"));
            assertThat(golden.get("steps")).hasSize(20);
            TrainerGolden.assertSteps(
                    TrainerGolden.train(
                            TrainerGolden.arguments(golden.get("arguments")).build(),
                            task(model),
                            TrainerGolden.examples()),
                    golden.get("steps"));
            requireFrozen(model, lora);
        }
    }

    /** What is not trained has the bits of before, whatever weight decay does. */
    private static void requireFrozen(PretrainedModel model, Lora lora) {
        Set<Parameter> trained = Set.copyOf(lora.trained().values());
        assertThat(trained).hasSizeLessThan(model.parameters().size());
        try (Weights before = Safetensors.open(Golden.path("train/model").resolve("model.safetensors"))) {
            model.parameters().forEach((name, parameter) -> {
                if (trained.contains(parameter)) return;
                assertThat(parameter.value().toFloats()).as(name).isEqualTo(Golden.floats(before, name));
            });
        }
    }

    /** Read by what the files say alone, as whoever gets a folder from somebody does. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "rslora", "everything", "last-layer"})
    void foldersOfPeftAreRead(String name) {
        Path folder = Golden.path("adapt/" + name);
        LoadedModel loaded = base();
        try (var model = loaded.model();
                Weights expected = Safetensors.open(folder.resolve("golden.safetensors"))) {
            Lora.read(model, folder.resolve("random"));
            try (Scope scope = Scope.open()) {
                Batch batch = Batch.of(TrainerGolden.examples().subList(0, 8));
                Golden.assertClose("logits", task(model).forward(batch), expected, "logits", 1e-5);
            }
        }
    }

    static LoadedModel base() {
        return Models.sequenceClassifier(Golden.path("train/model"));
    }

    static TextClassificationTask task(PretrainedModel model) {
        return new TextClassificationTask(
                model, ProblemType.SINGLE_LABEL_CLASSIFICATION, model.config().labels());
    }

    /** PEFT's config by our names. */
    static LoraConfig config(JsonNode python) {
        LoraConfigBuilder config = LoraConfig.builder();
        python.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                case "r" -> config.r(value.intValue());
                case "lora_alpha" -> config.alpha(value.doubleValue());
                case "use_rslora" -> config.useRslora(value.booleanValue());
                case "target_modules" -> config.targetModules(texts(value));
                case "modules_to_save" -> config.modulesToSave(texts(value));
                case "layers_to_transform" -> config.layersToTransform(texts(value));
                case "bias" -> config.bias(LoraBias.valueOf(value.stringValue().toUpperCase(Locale.ROOT)));
                case "init_lora_weights" -> config.initWeights(LoraInit.GAUSSIAN);
                default -> throw new AssertionError(entry.getKey());
            }
        });
        return config.build();
    }

    private static List<String> texts(JsonNode value) {
        return value.isArray() ? value.valueStream().map(JsonNode::asString).toList() : List.of(value.stringValue());
    }
}
