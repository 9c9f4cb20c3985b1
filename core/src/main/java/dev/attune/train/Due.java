package dev.attune.train;

/** What is due after a step: the one place that decides when a run logs, evaluates and saves. */
final class Due {
    private final TrainingArguments args;
    private final TrainingPlan plan;
    private final boolean canEvaluate;
    private final TrainerControl control;
    private final BestModel best;
    private final int logEvery;
    private final int evalEvery;
    private final int saveEvery;

    /**
     * @param canEvaluate whether there is something to evaluate on
     * @param control what is asked for besides
     * @param best what the evaluations tell
     */
    Due(TrainingArguments args, TrainingPlan plan, boolean canEvaluate, TrainerControl control, BestModel best) {
        this.control = control;
        this.best = best;
        this.args = args;
        this.plan = plan;
        this.canEvaluate = canEvaluate;
        this.logEvery = plan.everySteps(args.loggingSteps());
        this.evalEvery = plan.everySteps(args.evalSteps() == null ? args.loggingSteps() : args.evalSteps());
        this.saveEvery = plan.everySteps(args.saveSteps());
    }

    int logEvery() {
        return logEvery;
    }

    int evalEvery() {
        return evalEvery;
    }

    int saveEvery() {
        return saveEvery;
    }

    boolean log(TrainingState state) {
        if (args.loggingFirstStep() && state.step() == 1) return true;
        return switch (args.loggingStrategy()) {
            case STEPS -> state.step() % logEvery == 0 || plan.isDone(state);
            case EPOCH -> plan.isEndOfEpoch(state) || plan.isDone(state);
            case NO -> false;
        };
    }

    boolean evaluation(TrainingState state) {
        boolean asked = control.takeEvaluate();
        if (!isUnevaluated(state)) return false;
        if (asked) return true;
        if (state.step() == 0) return args.evalOnStart();
        return switch (args.evalStrategy()) {
            case STEPS -> args.evalDelay() <= state.step() && (state.step() % evalEvery == 0 || plan.isDone(state));
            case EPOCH -> args.evalDelay() <= plan.progress(state) && (plan.isEndOfEpoch(state) || plan.isDone(state));
            case NO -> false;
        };
    }

    boolean save(TrainingState state) {
        if (control.takeSave() || control.isCancelled()) return state.savedAt() != state.step();
        return switch (args.saveStrategy()) {
            case STEPS -> state.step() % saveEvery == 0 || plan.isDone(state);
            case EPOCH -> plan.isEndOfEpoch(state) || plan.isDone(state);
            case BEST -> best.step() == state.step();
            case NO -> false;
        };
    }

    /** Whether the last step is done, or no other is wanted. */
    boolean end(TrainingState state) {
        return plan.isDone(state) || control.isStopped() || best.isOver();
    }

    /** Whether the model as it is was not evaluated yet; at the end of a run that is done under every strategy. */
    boolean isUnevaluated(TrainingState state) {
        return canEvaluate && state.evaluatedAt() != state.step();
    }
}
