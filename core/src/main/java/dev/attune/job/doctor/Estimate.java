package dev.attune.job.doctor;

import dev.attune.data.Examples;
import dev.attune.io.FileTree;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Finding.Level;
import dev.attune.task.Findings;
import dev.attune.task.Task;
import dev.attune.tensor.Native;
import dev.attune.tensor.PeakMemory;
import dev.attune.train.Checkpoints;
import dev.attune.train.Evaluator;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingOrder;
import dev.attune.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Time, memory and disk of a training, from a few of its steps. */
public final class Estimate {
    private final TrainingArguments args;
    private final Task task;
    private final Examples sample;
    private final double trainExamples;
    private final long modelBytes;

    /**
     * @param sample examples that a training would see
     * @param trainExamples how many there are in all
     * @param modelBytes of the weights that a training writes at its end
     */
    public Estimate(TrainingArguments args, Task task, Examples sample, double trainExamples, long modelBytes) {
        this.args = args;
        this.task = task;
        this.sample = sample;
        this.modelBytes = modelBytes;
        // Rows that are repeated make an epoch longer.
        double longer = TrainingOrder.of(args, sample, task).size() / (double) Math.max(1, sample.size());
        this.trainExamples = trainExamples * longer;
    }

    /**
     * Trains the task's model for some steps.
     *
     * @param evaluated some examples of the evaluation; empty for none
     * @param evaluatedRows how many rows these are of
     * @param rows how many rows are evaluated each time
     * @param testRows how many rows are evaluated once at the end
     */
    public Findings run(EvaluationSet evaluated, int evaluatedRows, int rows, int testRows) {
        TrainingPlan plan = TrainingPlan.of(args, (int) Math.min(Integer.MAX_VALUE, Math.round(trainExamples)));
        TrialSteps.Taken taken;
        double perRow = 0;
        long peak;
        try (PeakMemory memory = new PeakMemory()) {
            taken = TrialSteps.run(args, task, sample);
            if (!evaluated.isEmpty() && taken.failure() == null) perRow = evaluate(evaluated) / evaluatedRows;
            // Tools that show the memory of a process count what it sees of files.
            peak = memory.bytes() + Native.mappedBytes();
        }
        Forecast forecast = Forecast.of(args, plan, rows > 0);
        double meanLength = Arrays.stream(sample.lengths()).average().orElse(0);
        double perStep = trainExamples / plan.stepsPerEpoch() * meanLength * taken.seconds() / taken.tokens();
        double evaluating = perRow * ((double) forecast.evaluations() * rows + testRows);
        Findings.Builder found = Findings.of("estimate")
                .fact("estimated_from_steps", taken.steps())
                .fact("failure", taken.failure())
                .fact("total_steps", plan.totalSteps())
                .fact("evaluations", forecast.evaluations());
        if (taken.failure() != null) found.warning("the first steps failed: %s", taken.failure());
        time(plan.totalSteps(), perStep, evaluating, taken.tokens() / taken.seconds(), found);
        memory(peak, found);
        disk(forecast, found);
        found.info("an estimate: from %d steps on this machine as it is now", taken.steps());
        return found.build();
    }

    private double evaluate(EvaluationSet evaluated) {
        long start = System.nanoTime();
        Evaluator.evaluate(task, evaluated, args.perDeviceEvalBatchSize(), args.precision(), "eval_");
        return (System.nanoTime() - start) / 1e9;
    }

    private static void time(int steps, double perStep, double evaluating, double speed, Findings.Builder found) {
        double training = steps * perStep;
        found.fact("seconds_per_step", perStep)
                .fact("tokens_per_second", speed)
                .fact("train_seconds", training)
                .fact("evaluation_seconds", evaluating)
                .info(
                        "time    %s for %,d steps of %s (%,.0f tokens a second)%s",
                        Amounts.seconds(training + evaluating),
                        steps,
                        Amounts.seconds(perStep),
                        speed,
                        evaluating > 0 ? ", " + Amounts.seconds(evaluating) + " of it to evaluate" : "");
    }

    private static void memory(long peak, Findings.Builder found) {
        long machine = Native.machineBytes();
        found.fact("peak_memory_bytes", peak).fact("machine_memory_bytes", machine);
        found.line(
                peak > machine ? Level.WARNING : Level.INFO,
                "memory  %s of the %s of this machine",
                Amounts.bytes(peak),
                Amounts.bytes(machine));
    }

    private void disk(Forecast forecast, Findings.Builder found) {
        long checkpoint = Checkpoints.bytes(task.model(), args);
        long most = modelBytes + forecast.mostCheckpoints() * checkpoint;
        Long free = free(args.outputDir());
        found.fact("parameters", task.model().parameterCount())
                .fact("trained_parameters", task.model().trainableCount())
                .fact("model_bytes", modelBytes)
                .fact("checkpoint_bytes", checkpoint)
                .fact("checkpoints_written", forecast.saves())
                .fact("checkpoints_kept", forecast.checkpoints())
                .fact("output_bytes", modelBytes + forecast.checkpoints() * checkpoint)
                .fact("peak_disk_bytes", most)
                .fact("free_disk_bytes", free);
        int kept = forecast.checkpoints();
        found.info(
                "disk    at most %s: %s for the model%s; tokenizer and reports are a few MB more",
                Amounts.bytes(modelBytes + kept * checkpoint),
                Amounts.bytes(modelBytes),
                kept == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %s for %s",
                                Amounts.bytes(kept * checkpoint),
                                kept == 1 ? "a checkpoint" : kept + " checkpoints"));
        if (free != null && free < most) {
            found.warning(
                    "the disk of output_dir has %s left, but the run needs %s. Set save_total_limit, or another output_dir",
                    Amounts.bytes(free), Amounts.bytes(most));
        }
    }

    /** Bytes left on the disk of a folder that need not exist; null if nobody tells. */
    private static @Nullable Long free(Path folder) {
        Path there = FileTree.existing(folder);
        if (there == null) return null;
        try {
            return Files.getFileStore(there).getUsableSpace();
        } catch (IOException e) {
            return null;
        }
    }
}
