// Learns a number instead of a class: a decimal point in the labels is all it takes.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/Regression.java
//
// Arguments, both optional: the model, the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

public final class Regression {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/regression");

        Dataset reviews = Datasets.of(
                "reviews",
                List.of(
                        Map.of("text", "very good, great", "label", 1.0),
                        Map.of("text", "nice", "label", 0.8),
                        Map.of("text", "not bad", "label", 0.6),
                        Map.of("text", "not very good", "label", 0.4),
                        Map.of("text", "poor", "label", 0.2),
                        Map.of("text", "awful, very bad", "label", 0.0)));

        // Numbers far from 0 are learned slowly: bring stars, prices or years into a range like this one.
        Recipe recipe = Recipe.builder()
                .model(model)
                .train("reviews")
                .validation("reviews") // the same rows again: this shows how to ask, not how good the model is
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(40)
                        .learningRate(2e-4)
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, reviews, reviews, TrainingListener.SILENT);
        System.out.println("mean absolute error " + done.allResults().get("eval_mae"));

        try (var scorer = TextClassificationPipeline.load(output.toString())) {
            System.out.println(scorer.predict("very nice").score()); // the number itself
        }
    }
}
