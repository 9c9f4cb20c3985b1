// Trains a classifier on a CSV file, looks at the results and uses the model.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/TrainFromCsv.java
//
// Arguments, all optional: the model, the folder of the run, the CSV file. README.md tells how to build the class path.

import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;

public final class TrainFromCsv {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/train-from-csv");
        String csv = args.length > 2 ? args[2] : "recipes/quickstart/train.csv"; // columns: text, label

        Recipe recipe = Recipe.builder()
                .model(model)
                .train(csv)
                .validationFraction(0.1) // a tenth of the rows, drawn at random, is kept for the evaluation
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(2)
                        .perDeviceTrainBatchSize(16)
                        .learningRate(1e-4)
                        .build())
                .build();

        // The listener would hear every step; the folder has it all in metrics.jsonl anyway.
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        System.out.println("accuracy " + done.allResults().get("eval_accuracy"));

        try (var classifier = TextClassificationPipeline.load(output.toString())) {
            System.out.println(classifier.predict("I lost my card")); // a label and its probability
        }
    }
}
