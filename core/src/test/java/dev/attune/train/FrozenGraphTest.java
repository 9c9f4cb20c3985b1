package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.adapt.Freezing;
import dev.attune.checkpoint.StateDict;
import dev.attune.data.Batch;
import dev.attune.model.Golden;
import dev.attune.model.Models;
import dev.attune.nn.Parameter;
import dev.attune.optim.AdamW;
import dev.attune.optim.GradientNorm;
import dev.attune.optim.ParameterGroups;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What autograd and the optimizer keep of a model with frozen parts. */
class FrozenGraphTest {
    private static void on(Consumer<TextClassificationTask> test) {
        try (var model = Models.sequenceClassifier(Golden.path("train/model")).model()) {
            test.accept(new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels()));
        }
    }

    private static Batch batch() {
        return Batch.of(TrainerGolden.examples(6));
    }

    /** Which outputs of tables, products and norms are part of a graph. */
    private static Map<String, Boolean> recorded(TextClassificationTask task) {
        Map<String, Boolean> recorded = new LinkedHashMap<>();
        task.model().train(true);
        task.model().watch((name, output) -> recorded.put(name, output.requiresGrad()));
        try (Scope scope = Scope.open()) {
            task.lossSum(batch());
        } finally {
            task.model().watch(null);
        }
        return recorded;
    }

    @Test
    void nothingBelowTheFirstTrainedLayerBuildsAGraph() {
        on(task -> {
            assertThat(recorded(task).values()).hasSizeGreaterThan(15).containsOnly(true);
            Freezing.of("embeddings", "encoder.layer[:1]").apply(task.model());
            recorded(task)
                    .forEach((name, isRecorded) -> assertThat(isRecorded)
                            .as(name)
                            .isEqualTo(
                                    !name.startsWith("bert.embeddings.") && !name.startsWith("bert.encoder.layer.0.")));
        });
    }

    @Test
    void trainedEmbeddingsPutEverythingAboveIntoTheGraph() {
        on(task -> {
            Freezing.of("encoder").apply(task.model());
            assertThat(recorded(task).values()).containsOnly(true);
        });
    }

    /** A frozen layer that would be computed again would have a graph for nothing. */
    @Test
    void gradientCheckpointingComputesFrozenLayersOnce() {
        on(task -> {
            task.model().gradientCheckpointing(true);
            String below = "bert.encoder.layer.0.output.LayerNorm";
            assertThat(passes(task)).containsEntry(below, 2);
            Freezing.of("embeddings", "encoder.layer[:1]").apply(task.model());
            assertThat(passes(task)).containsEntry(below, 1).containsEntry("bert.encoder.layer.1.output.LayerNorm", 1);
        });
    }

    private static Map<String, Integer> passes(TextClassificationTask task) {
        Map<String, Integer> passes = new TreeMap<>();
        task.model().train(true);
        task.model().watch((name, output) -> {
            synchronized (passes) {
                passes.merge(name, 1, Integer::sum);
            }
        });
        try (Scope scope = Scope.open()) {
            task.lossSum(batch()).backward();
        } finally {
            task.model().watch(null);
        }
        task.model()
                .parameters()
                .values()
                .forEach(parameter -> parameter.value().clearGrad());
        return passes;
    }

    @Test
    void frozenParametersHaveNoGradientNormMemoryOrDecay() {
        on(task -> {
            Map<String, Parameter> all = task.model().parameters();
            double whole = norm(task);
            Set<String> frozen = Freezing.of("embeddings", "encoder.layer[:1]", "classifier.bias")
                    .apply(task.model());
            Map<String, float[]> before = new LinkedHashMap<>();
            frozen.forEach(name -> before.put(name, all.get(name).value().toFloats()));
            ParameterGroups groups = ParameterGroups.of(all, 0.5);
            try (AdamW optimizer = new AdamW(groups, 0.9, 0.999, 1e-8);
                    Scope scope = Scope.open()) {
                task.model().train(true);
                task.lossSum(batch()).backward();
                all.forEach((name, parameter) -> {
                    Tensor gradient = parameter.value().grad();
                    assertThat(gradient == null).as(name).isEqualTo(frozen.contains(name));
                });
                assertThat(GradientNorm.of(List.copyOf(all.values())))
                        .isPositive()
                        .isLessThan(whole);
                optimizer.step(0.1, 1);
                StateDict state = new StateDict();
                optimizer.save(state);
                Set<String> remembered = new TreeSet<>();
                all.keySet().forEach(name -> {
                    if (state.part(name).hasTensor("exp_avg")) remembered.add(name);
                });
                assertThat(remembered).hasSize(all.size() - frozen.size()).doesNotContainAnyElementsOf(frozen);
            }
            before.forEach((name, values) ->
                    assertThat(all.get(name).value().toFloats()).as(name).containsExactly(values));
            all.values().forEach(parameter -> parameter.value().clearGrad());
        });
    }

    /** The numbers are those that autocast makes of the weights each time; without autocast nothing changes either. */
    @Test
    void copiesInSixteenBitsChangeNoNumber() {
        on(task -> {
            Freezing.of("embeddings", "encoder.layer[:1]").apply(task.model());
            Map<String, float[]> without = gradients(task, DType.BFLOAT16);
            Map<String, float[]> exact = gradients(task, DType.FLOAT32);
            long handles = Scope.liveHandles();
            task.model().keepFrozenCopies(DType.BFLOAT16);
            assertThat(Scope.liveHandles() - handles)
                    .as("weights and biases of six products")
                    .isEqualTo(12);
            task.model().keepFrozenCopies(DType.BFLOAT16);
            assertThat(Scope.liveHandles() - handles).isEqualTo(12);
            same(gradients(task, DType.BFLOAT16), without);
            same(gradients(task, DType.FLOAT32), exact);
            task.model()
                    .parameters()
                    .get("bert.encoder.layer.0.output.dense.weight")
                    .value()
                    .requiresGrad(true);
            task.model().keepFrozenCopies(DType.BFLOAT16);
            assertThat(Scope.liveHandles() - handles)
                    .as("one of them is trained")
                    .isEqualTo(11);
            task.model().keepFrozenCopies(DType.FLOAT32);
            assertThat(Scope.liveHandles()).isEqualTo(handles);
        });
    }

    private static void same(Map<String, float[]> one, Map<String, float[]> other) {
        assertThat(one.keySet()).isEqualTo(other.keySet()).hasSizeGreaterThan(10);
        one.forEach((name, values) -> assertThat(values).as(name).containsExactly(other.get(name)));
    }

    private static Map<String, float[]> gradients(TextClassificationTask task, DType precision) {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        task.model().train(true);
        try (Scope scope = Scope.open()) {
            Autocast.run(precision, () -> task.lossSum(batch())).backward();
            task.model().parameters().forEach((name, parameter) -> {
                Tensor gradient = parameter.value().grad();
                if (gradient != null) gradients.put(name, gradient.toFloats());
                parameter.value().clearGrad();
            });
        }
        return gradients;
    }

    private static double norm(TextClassificationTask task) {
        try (Scope scope = Scope.open()) {
            task.model().train(true);
            task.lossSum(batch()).backward();
            List<Parameter> all = List.copyOf(task.model().parameters().values());
            double norm = GradientNorm.of(all);
            all.forEach(parameter -> parameter.value().clearGrad());
            return norm;
        }
    }
}
