package dev.attune.train;

import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.model.Golden;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.task.textclassification.ProblemType;
import dev.attune.task.textclassification.TextClassificationTask;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Ten training steps against Hugging Face Trainer, dropout off: the same order, losses, gradient norms, learning rates and
 * final weights. Made by {@code parity/make_trainer_golden.py}.
 */
class TrainerParityTest {
    @Test
    void tenStepsEqualTheReference() {
        compare("run-random", SamplingStrategy.RANDOM);
    }

    @Test
    void lengthGroupsEqualTheReference() {
        compare("run-group-by-length", SamplingStrategy.GROUP_BY_LENGTH);
    }

    @Test
    void accumulationIsTheMeanOverTheWholeGroup() {
        compare("run-accumulation", SamplingStrategy.RANDOM);
        compare("run-accumulation-remainder", SamplingStrategy.RANDOM);
    }

    /** Of the bias of GPT-2's attention a third is that of the keys, which softmax does not see. */
    @Test
    void twentyStepsOfDecodersEqualTheReference() {
        compare("gpt2/model", "gpt2/run", SamplingStrategy.RANDOM, name -> name.endsWith("c_attn.bias"));
        compare("llama/model", "llama/run", SamplingStrategy.RANDOM, name -> false);
    }

    private static void compare(String run, SamplingStrategy sampling) {
        compare("model", run, sampling, name -> false);
    }

    private static void compare(String start, String run, SamplingStrategy sampling, Predicate<String> leftOut) {
        JsonNode golden = Golden.json(Golden.path("train/" + run + ".json"));
        TrainingArguments args = TrainerGolden.arguments(golden.get("arguments"))
                .trainSamplingStrategy(sampling)
                .build();
        LoadedModel loaded = Models.sequenceClassifier(Golden.path("train/" + start));
        try (var model = loaded.model();
                Weights expected = Safetensors.open(Golden.path("train/" + run + ".safetensors"))) {
            TextClassificationTask task = new TextClassificationTask(
                    model,
                    ProblemType.SINGLE_LABEL_CLASSIFICATION,
                    model.config().labels());
            TrainerGolden.assertSteps(TrainerGolden.train(args, task, TrainerGolden.examples()), golden.get("steps"));
            TrainerGolden.assertParameters(model, expected, leftOut);
        }
    }
}
