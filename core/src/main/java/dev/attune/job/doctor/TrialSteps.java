package dev.attune.job.doctor;

import dev.attune.data.Examples;
import dev.attune.error.DivergedException;
import dev.attune.task.Task;
import dev.attune.train.EvaluationSets;
import dev.attune.train.IntervalStrategy;
import dev.attune.train.LogEvent;
import dev.attune.train.OversampleBy;
import dev.attune.train.SamplingStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.Trainer;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first steps of a training, with its own trainer, model and arguments, on some of its examples; nothing is written. The
 * longest examples come first: that step takes the most memory, and it warms up. Another one warms up as well, and those after it
 * are timed, until they are {@value #TIMED} or the time is up.
 */
final class TrialSteps implements TrainingListener {
    private static final int WARM_UP = 2;
    private static final int TIMED = 3;
    private static final double MOST_SECONDS = 40;

    private final TrainerControl control = new TrainerControl();
    private final long started = System.nanoTime();
    private long last = started;
    private int steps;
    private double seconds;
    private long tokens;

    /**
     * What the steps took.
     *
     * @param steps that were timed
     * @param seconds of these steps
     * @param tokens of these steps
     * @param failure why there was no update at all; null if there was
     */
    record Taken(
            int steps,
            double seconds,
            long tokens,
            @Nullable String failure) {}

    private TrialSteps() {}

    /** The model is trained by some steps, so it is of no use afterwards. */
    static Taken run(TrainingArguments args, Task task, Examples examples) {
        TrialSteps trial = new TrialSteps();
        TrainingArguments quiet = args.toBuilder()
                .maxSteps(WARM_UP + TIMED)
                .trainSamplingStrategy(SamplingStrategy.SEQUENTIAL)
                .oversample(null)
                .oversampleBy(OversampleBy.SAMPLING)
                .loggingStrategy(IntervalStrategy.NO)
                .evalStrategy(IntervalStrategy.NO)
                .evalSteps(null)
                .evalOnStart(false)
                .earlyStoppingPatience(null)
                .loadBestModelAtEnd(false)
                .saveStrategy(SaveStrategy.NO)
                .dataloaderDropLast(false)
                .maxNonfiniteSteps(WARM_UP + TIMED) // time and memory are known even if nothing is learned
                .build();
        int group = (int)
                Math.min(examples.size(), (long) args.perDeviceTrainBatchSize() * args.gradientAccumulationSteps());
        String failure = null;
        try {
            PickedExamples picked = new PickedExamples(examples, picked(examples, group, args.seed()));
            new Trainer(quiet, task, picked, EvaluationSets.NONE, trial, trial.control).run();
        } catch (DivergedException e) {
            failure = e.getMessage();
        }
        return new Taken(trial.steps - WARM_UP, trial.seconds, trial.tokens, failure);
    }

    /** The longest group, and groups at random. */
    private static int[] picked(Examples examples, int group, long seed) {
        int[] lengths = examples.lengths();
        IntStream longest = IntStream.range(0, lengths.length)
                .boxed()
                .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
                .limit(group)
                .mapToInt(i -> i);
        IntStream others = new SplittableRandom(seed).ints((long) group * (WARM_UP + TIMED - 1), 0, lengths.length);
        return IntStream.concat(longest, others).toArray();
    }

    @Override
    public void onStepEnd(LogEvent event) {
        long now = System.nanoTime();
        steps = event.step();
        if (steps > WARM_UP) {
            seconds += (now - last) / 1e9;
            tokens += event.stepTokens();
        }
        last = now;
        if (steps > WARM_UP && (now - started) / 1e9 > MOST_SECONDS) control.stop();
    }
}
