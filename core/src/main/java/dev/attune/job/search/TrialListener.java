package dev.attune.job.search;

import dev.attune.train.EvaluationEvent;
import dev.attune.train.LogEvent;
import dev.attune.train.PassingListener;
import dev.attune.train.RunInfo;
import dev.attune.train.TrainerControl;
import dev.attune.train.TrainingListener;
import java.util.List;
import java.util.function.Predicate;

/** Follows the training of a trial, and ends it when it is not among the best. */
final class TrialListener extends PassingListener {
    private final TrialRun run;
    private final TrainerControl control;
    private final Predicate<List<Double>> goesOn;
    private List<Double> evaluations = List.of();
    private boolean isJudged;
    private int steps;
    private int totalSteps;

    /** @param goesOn whether a trial with these evaluations goes on */
    TrialListener(TrainingListener next, TrialRun run, TrainerControl control, Predicate<List<Double>> goesOn) {
        super(next);
        this.run = run;
        this.control = control;
        this.goesOn = goesOn;
    }

    /** A trial that goes on after a kill may have been judged before. */
    void goesOnFrom(int step) {
        steps = step;
        judge(run.evaluations(step));
    }

    @Override
    public void onTrainBegin(RunInfo info) {
        totalSteps = info.totalSteps();
        super.onTrainBegin(info);
    }

    @Override
    public void onStepEnd(LogEvent event) {
        steps = event.step();
        super.onStepEnd(event);
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        super.onEvaluate(event);
        // The recorder heard of it first: what it wrote is all that there is, before a kill and after it.
        if (event.step() > 0 && event.metrics().containsKey(run.metric())) judge(run.evaluations(event.step()));
    }

    private void judge(List<Double> found) {
        evaluations = found;
        if (found.isEmpty() || goesOn.test(found)) return;
        isJudged = true;
        control.stop();
    }

    /** Whether it was ended before its last step. */
    boolean isPruned() {
        return isJudged && steps < totalSteps;
    }

    List<Double> evaluations() {
        return evaluations;
    }

    int steps() {
        return steps;
    }
}
