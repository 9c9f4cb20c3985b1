// A loss of your own, in which one class counts three times, and a metric of your own: the recall of that class.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/OwnLossAndMetric.java
//
// Arguments, all optional: the model, the folder of the run, a CSV file. README.md tells how to build the class path.

import dev.attune.data.Batch;
import dev.attune.job.Hooks;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.TaskOptions.Predictions;
import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

public final class OwnLossAndMetric {
    private static final int RARE = 0; // class ids follow the sorted labels

    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/own-loss-and-metric");
        Recipe recipe = Recipe.builder()
                .model(model)
                .train(args.length > 2 ? args[2] : "recipes/quickstart/train.csv")
                .validationFraction(0.2)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(2)
                        .learningRate(1e-4)
                        .build())
                .build();

        Hooks hooks = Hooks.NONE.withLoss(OwnLossAndMetric::loss).withMetrics(OwnLossAndMetric::metrics);
        Map<String, Double> results =
                Job.train(recipe, hooks, TrainingListener.SILENT).allResults();
        System.out.println("eval_loss " + results.get("eval_loss"));
        System.out.println("eval_recall_of_rare " + results.get("eval_recall_of_rare"));
    }

    /** The sum over the batch, not the mean: the trainer divides by the labels of the whole step. Logits are (B, K). */
    private static Tensor loss(Tensor logits, Batch batch) {
        Tensor all = Losses.crossEntropySum(logits, Tensor.ofInts(batch.labels()), 0);
        int[] rare = IntStream.range(0, batch.size())
                .filter(i -> batch.labels()[i] == RARE)
                .toArray();
        if (rare.length == 0) return all;
        Tensor again = Losses.crossEntropySum(logits.rows(Tensor.ofInts(rare)), Tensor.ofInts(new int[rare.length]), 0);
        return all.add(again.mul(2)); // no tensor is closed here: the trainer frees them after the step
    }

    private static Map<String, Double> metrics(Predictions predictions) {
        int rows = 0, found = 0;
        for (int row = 0; row < predictions.rows(); row++) {
            if (predictions.labels()[row] != RARE) continue;
            rows++;
            int first = row * predictions.classes(), best = first;
            for (int k = first; k < first + predictions.classes(); k++)
                if (predictions.logits()[k] > predictions.logits()[best]) best = k;
            if (best - first == RARE) found++;
        }
        return Map.of("recall_of_rare", (double) found / rows); // "eval_" is put before the name
    }
}
