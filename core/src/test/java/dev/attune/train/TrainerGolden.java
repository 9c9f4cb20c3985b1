package dev.attune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.attune.checkpoint.Weights;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.model.Golden;
import dev.attune.model.PretrainedModel;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** A run of Hugging Face Trainer, and the same run here: what the parity tests of all tasks share. */
public final class TrainerGolden {
    private TrainerGolden() {}

    /** The arguments of a run, by their names in Python. */
    public static TrainingArgumentsBuilder arguments(JsonNode given) {
        return TrainingArguments.builder()
                .perDeviceTrainBatchSize(
                        given.get("per_device_train_batch_size").intValue())
                .gradientAccumulationSteps(
                        given.path("gradient_accumulation_steps").asInt(1))
                .learningRate(given.get("learning_rate").doubleValue())
                .weightDecay(given.get("weight_decay").doubleValue())
                .warmupSteps(given.get("warmup_steps").doubleValue())
                .maxGradNorm(given.get("max_grad_norm").doubleValue())
                .seed(given.get("seed").longValue())
                .maxSteps(given.get("max_steps").intValue())
                .loggingSteps(1);
    }

    /** The rows of the golden data, with one label each. */
    public static List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (JsonNode row : Golden.json(Golden.path("train/data.json"))) {
            int[] ids = Golden.ints(row.get("ids"));
            examples.add(new Example(
                    ids, new int[ids.length], new int[] {row.get("label").intValue()}, new float[0]));
        }
        return examples;
    }

    /** The first of them. */
    static List<Example> examples(int count) {
        List<Example> all = examples();
        assertThat(all).hasSizeGreaterThanOrEqualTo(count);
        return all.subList(0, count);
    }

    /** Trains, and gives what was logged of each step. */
    public static List<LogEvent> train(TrainingArguments args, Task task, List<Example> examples) {
        List<LogEvent> logs = new ArrayList<>();
        new Trainer(args, task, Examples.of(examples), EvaluationSet.NONE, new TrainingListener() {
                    @Override
                    public void onStepEnd(LogEvent event) {
                        logs.add(event);
                    }
                })
                .run();
        return logs;
    }

    /** @param steps what Trainer logged of each step: {@code loss}, {@code grad_norm}, and more where it is there */
    public static void assertSteps(List<LogEvent> logs, JsonNode steps) {
        assertThat(logs).isNotEmpty().hasSize(steps.size());
        for (int i = 0; i < logs.size(); i++) {
            JsonNode step = steps.get(i);
            LogEvent log = logs.get(i);
            close("loss", i, log.loss(), step.get("loss"), 1e-5);
            close("norm", i, log.gradNorm(), step.get("grad_norm"), 1e-4);
            if (step.has("learning_rate")) close("rate", i, log.learningRate(), step.get("learning_rate"), 1e-12);
            if (step.has("epoch")) close("epoch", i, log.epoch(), step.get("epoch"), 1e-6);
        }
    }

    private static void close(String what, int step, double ours, JsonNode theirs, double tolerance) {
        assertThat(ours).as("%s of step %d", what, step + 1).isCloseTo(theirs.doubleValue(), within(tolerance));
    }

    /** The parameters after the run, all but those that {@link #isNoise} names or the caller leaves out. */
    public static void assertParameters(PretrainedModel model, Weights expected, Predicate<String> leftOut) {
        List<String> compared = new ArrayList<>();
        model.parameters().forEach((name, parameter) -> {
            if (isNoise(name) || leftOut.test(name)) return;
            Golden.assertClose(name, parameter.value(), expected, name, 1e-5);
            compared.add(name);
        });
        assertThat(compared).hasSizeGreaterThan(model.parameters().size() * 3 / 4);
    }

    /**
     * Softmax does not see the bias of the keys: its gradient is rounding noise, which Adam blows up to whole steps. It
     * differs between any two implementations.
     */
    private static boolean isNoise(String name) {
        return name.endsWith("attention.self.key.bias");
    }
}
