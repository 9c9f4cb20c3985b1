// Trains a language model further on texts of your own, without labels, and lets it guess a hidden word.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/HiddenWords.java
//
// Arguments, all optional: the model, the folder of the run, the CSV file. README.md tells how to build the class path.

import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.fillmask.FillMaskPipeline;
import dev.attune.task.fillmask.FillMaskSettings;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;

public final class HiddenWords {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "bert-base-uncased";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/hidden-words");
        String csv = args.length > 2 ? args[2] : "recipes/quickstart/train.csv"; // its column text

        Recipe recipe = Recipe.builder()
                .model(model)
                .train(csv)
                .settings(FillMaskSettings.builder().mlmProbability(0.2).build())
                .validationFraction(0.25)
                .maxLength(32)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(1)
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        System.out.println("perplexity " + done.allResults().get("eval_perplexity"));

        try (var words = FillMaskPipeline.load(output.toString())) {
            System.out.println(words.predict("I lost my [MASK]").sequence());
        }
    }
}
