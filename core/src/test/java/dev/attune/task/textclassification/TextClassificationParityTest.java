package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.nn.Parameter;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Logits, loss and every gradient of tiny random models against transformers' padded model, which also shows that packed
 * equals padded. Made by {@code parity/make_bert_golden.py}.
 */
class TextClassificationParityTest {
    @ParameterizedTest
    @ValueSource(strings = {"bert-base-shape", "bert-other-shape", "bert-regression", "bert-multi-label"})
    void logitsLossAndGradientsEqualThePaddedReference(String name) {
        Path folder = Golden.path("model/" + name);
        JsonNode inputs = Golden.json(folder.resolve("inputs.json"));
        LoadedModel loaded = Models.sequenceClassifier(folder);
        assertThat(loaded.report().newlyInitialised()).isEmpty();
        assertThat(loaded.report().ignored()).isEmpty();
        try (Weights expected = Safetensors.open(folder.resolve("expected.safetensors"));
                var model = loaded.model()) {
            ProblemType problem = ProblemType.named(inputs.get("problem_type").stringValue());
            TextClassificationTask task =
                    new TextClassificationTask(model, problem, model.config().labels());
            Batch batch = Batch.of(examples(inputs, problem));
            try (Scope scope = Scope.open()) {
                Tensor logits = task.forward(batch);
                Golden.assertClose("logits", logits, expected, "logits", 1e-5);
                Tensor loss = task.lossSum(logits, batch, 0).div(task.weight(batch));
                Golden.assertClose("loss", loss, expected, "loss", 1e-5);
                loss.backward();
                int compared = 0;
                for (Map.Entry<String, Parameter> entry : model.parameters().entrySet()) {
                    Tensor gradient = entry.getValue().value().grad();
                    assertThat(gradient).as("gradient of " + entry.getKey()).isNotNull();
                    Golden.assertClose(entry.getKey(), gradient, expected, "grad." + entry.getKey(), 1e-5);
                    compared++;
                }
                assertThat(expected.names().stream().filter(n -> n.startsWith("grad.")))
                        .hasSize(compared);
            }
        }
    }

    private static List<Example> examples(JsonNode inputs, ProblemType problem) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < inputs.get("ids").size(); i++) {
            JsonNode label = inputs.get("labels").get(i);
            int[] classes = {};
            float[] targets = {};
            if (problem == ProblemType.SINGLE_LABEL_CLASSIFICATION) classes = new int[] {label.intValue()};
            else if (label.isArray()) {
                targets = new float[label.size()];
                for (int j = 0; j < targets.length; j++)
                    targets[j] = label.get(j).floatValue();
            } else targets = new float[] {label.floatValue()};
            examples.add(new Example(
                    Golden.ints(inputs.get("ids").get(i)),
                    Golden.ints(inputs.get("type_ids").get(i)),
                    classes,
                    targets));
        }
        return examples;
    }
}
