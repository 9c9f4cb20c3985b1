package dev.attune.benchmarks;

import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.optim.Optimizer;
import dev.attune.optim.OptimizerArguments;
import dev.attune.optim.ParameterGroups;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import dev.attune.tensor.Rng;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import dev.attune.train.OptimizerNames;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Steps of an optimizer alone, over all parameters of a classifier whose gradients are those of 16 x 128 random tokens in shape:
 * whole matrices, and of the table of words the rows in use. Clipping is on.
 */
final class OptimizerSteps {
    private static final int TOKENS = 16 * 128;

    private final PretrainedModel model;
    private final Optimizer optimizer;

    OptimizerSteps(Map<String, String> options) {
        Native.load(DType.FLOAT32);
        Rng.seed(42);
        model = Models.sequenceClassifier(Path.of(options.get("--model")), List.of("a", "b"))
                .model();
        TrainingArguments args = TrainingArguments.builder()
                .optim((OptimizerNames)
                        TrainingArguments.schema().find("optim").orElseThrow().parse(options.get("--optim")))
                .optimArgs(OptimizerArguments.builder()
                        .text(options.get("--optim-args"))
                        .build())
                .build();
        optimizer = OptimizerNames.create(args, ParameterGroups.of(model.parameters(), 0));
        model.parameters().forEach((name, parameter) -> {
            try (Scope scope = Scope.open()) {
                Tensor value = parameter.value();
                if (name.endsWith("word_embeddings.weight")) {
                    int[] ids = new Random(42)
                            .ints(TOKENS, 1000, (int) value.size(0))
                            .toArray();
                    value.embedding(Tensor.ofInts(ids), -1, true).sum().backward();
                } else {
                    Tensor random = Tensor.empty(DType.FLOAT32, value.shape());
                    random.normalInPlace(0, 1e-3);
                    value.mul(random).sum().backward();
                }
            }
        });
    }

    /** Seconds of one step. */
    double seconds() {
        long begin = System.nanoTime();
        optimizer.step(1e-6, 0.5);
        return (System.nanoTime() - begin) / 1e9;
    }
}
