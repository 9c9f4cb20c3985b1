package dev.attune.job.doctor;

import dev.attune.train.IntervalStrategy;
import dev.attune.train.SaveStrategy;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingPlan;

/**
 * How often a run does what takes time or disk, if nothing stops it before its end.
 *
 * @param evaluations of the validation data
 * @param saves checkpoints that are written; with {@code save_strategy: best} at most so many
 * @param checkpoints that are there at the end
 * @param mostCheckpoints that are there at the same time: a new one is whole before an old one goes
 */
record Forecast(int evaluations, int saves, int checkpoints, int mostCheckpoints) {
    static Forecast of(TrainingArguments args, TrainingPlan plan, boolean evaluates) {
        int evaluations = evaluates ? evaluations(args, plan) : 0;
        int saves = args.saveStrategy() == SaveStrategy.BEST
                ? evaluations
                : times(args.saveStrategy().toString(), args.saveSteps(), plan);
        int kept = saves;
        if (args.saveTotalLimit() != null) {
            // The newest and the best stay, whatever the limit is.
            kept = Math.min(
                    saves, args.loadBestModelAtEnd() ? Math.max(2, args.saveTotalLimit()) : args.saveTotalLimit());
        }
        return new Forecast(evaluations, saves, kept, Math.min(saves, kept + 1));
    }

    private static int evaluations(TrainingArguments args, TrainingPlan plan) {
        double every = args.evalSteps() == null ? args.loggingSteps() : args.evalSteps();
        int during = times(args.evalStrategy().toString(), every, plan);
        int atStart = args.evalOnStart() ? 1 : 0;
        // The model of the last step is evaluated under every strategy.
        return atStart + (args.evalStrategy() == IntervalStrategy.NO ? 1 : during);
    }

    /** Every so many steps, or every epoch, and after the last step. */
    private static int times(String strategy, double every, TrainingPlan plan) {
        return switch (strategy) {
            case "steps" -> {
                int steps = plan.everySteps(every);
                yield (plan.totalSteps() + steps - 1) / steps;
            }
            case "epoch" -> (int) Math.ceil(plan.epochs() - 1e-9);
            default -> 0;
        };
    }
}
