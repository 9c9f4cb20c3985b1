package dev.attune.train;

/** Tells another listener all that it hears. Who extends it overrides what it wants for itself, and passes that on as well. */
public abstract class PassingListener implements TrainingListener {
    private final TrainingListener next;

    protected PassingListener(TrainingListener next) {
        this.next = next;
    }

    @Override
    public void onTrainBegin(RunInfo info) {
        next.onTrainBegin(info);
    }

    @Override
    public void onEpochBegin(EpochEvent event) {
        next.onEpochBegin(event);
    }

    @Override
    public void onStepBegin(int step) {
        next.onStepBegin(step);
    }

    @Override
    public void onStepEnd(LogEvent event) {
        next.onStepEnd(event);
    }

    @Override
    public void onLog(LogEvent event) {
        next.onLog(event);
    }

    @Override
    public void onEvaluate(EvaluationEvent event) {
        next.onEvaluate(event);
    }

    @Override
    public void onEpochEnd(EpochEvent event) {
        next.onEpochEnd(event);
    }

    @Override
    public void onSave(SaveEvent event) {
        next.onSave(event);
    }

    @Override
    public void onMessage(String text) {
        next.onMessage(text);
    }

    @Override
    public void onTrainEnd(TrainSummary summary) {
        next.onTrainEnd(summary);
    }
}
