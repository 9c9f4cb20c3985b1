package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Batch;
import dev.attune.data.Example;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class FirstNonFiniteTest {
    private static final Batch BATCH =
            Batch.of(List.of(new Example(new int[] {5, 6, 7}, new int[3], new int[] {1}, new float[0])));

    private static void with(BiConsumer<PretrainedModel, TextClassificationTask> body) {
        try (PretrainedModel model =
                Models.sequenceClassifier(Golden.path("train/model")).model()) {
            body.accept(
                    model,
                    new TextClassificationTask(
                            model,
                            ProblemType.SINGLE_LABEL_CLASSIFICATION,
                            model.config().labels()));
        }
    }

    private static void fill(PretrainedModel model, String name, float value) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                model.parameters().get(name).value().fillInPlace(value);
            }
        });
    }

    @Test
    void theLayerWhereANumberGrowsTooLarge() {
        with((model, task) -> {
            assertThat(new FirstNonFinite(task).layer(BATCH)).isNull();
            fill(model, "bert.encoder.layer.1.intermediate.dense.weight", 3e38f);
            fill(model, "bert.encoder.layer.1.intermediate.dense.bias", 3e38f);
            assertThat(new FirstNonFinite(task).layer(BATCH)).isEqualTo("bert.encoder.layer.1.intermediate.dense");
            fill(model, "bert.embeddings.LayerNorm.bias", Float.POSITIVE_INFINITY);
            assertThat(new FirstNonFinite(task).layer(BATCH)).isEqualTo("bert.embeddings.LayerNorm");
        });
    }

    @Test
    void aTableIsALayerToo() {
        with((model, task) -> {
            fill(model, "bert.embeddings.word_embeddings.weight", Float.NaN);
            assertThat(new FirstNonFinite(task).layer(BATCH)).isEqualTo("bert.embeddings.word_embeddings");
        });
    }

    /** The loss is finite, its gradient infinite: the head's is the first on the way back. */
    @Test
    void theGradientThatIsTheFirstOnTheWayBack() {
        with((model, task) -> {
            try (Scope scope = Scope.open()) {
                task.lossSum(BATCH).backward();
            }
            assertThat(new FirstNonFinite(task).gradient()).isNull();
            model.parameters().values().forEach(parameter -> parameter.value().clearGrad());
            try (Scope scope = Scope.open()) {
                Tensor loss = task.lossSum(BATCH);
                loss.mul(Double.POSITIVE_INFINITY).backward();
            }
            assertThat(new FirstNonFinite(task).gradient()).isEqualTo("classifier.bias");
            model.parameters().values().forEach(parameter -> parameter.value().clearGrad());
        });
    }
}
