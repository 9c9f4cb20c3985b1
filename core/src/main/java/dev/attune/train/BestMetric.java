package dev.attune.train;

/**
 * The metric that tells which model is the best one.
 *
 * @param name as in the results of an evaluation: {@code eval_loss}
 * @param greaterIsBetter whether more of it is better
 */
public record BestMetric(String name, boolean greaterIsBetter) {
    /** That of {@code metric_for_best_model} and {@code greater_is_better}. */
    public static BestMetric of(TrainingArguments args) {
        String given = args.metricForBestModel() == null ? "loss" : args.metricForBestModel();
        return new BestMetric(
                given.startsWith("eval_") ? given : "eval_" + given,
                BestModel.isGreaterBetter(args.metricForBestModel(), args.greaterIsBetter()));
    }
}
