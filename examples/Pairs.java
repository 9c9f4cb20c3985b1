// Classifies pairs of texts: do two questions ask for the same?
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/Pairs.java
//
// Arguments, both optional: the model, the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.task.textclassification.TextClassificationSettings;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

public final class Pairs {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/pairs");

        List<Map<String, String>> rows = List.of(
                row("was the film good", "was it a good film", "same"),
                row("is the food nice", "is this nice food", "same"),
                row("how bad was it", "was it very bad", "same"),
                row("was the film good", "where is the station", "other"),
                row("is the food nice", "when does it rain", "other"),
                row("how bad was it", "who sells bread", "other"));

        Recipe recipe = Recipe.builder()
                .model(model)
                .train("questions")
                // text_column alone means single texts: a pair needs both. Usual names (sentence1 and sentence2, …)
                // are found without settings.
                .settings(TextClassificationSettings.builder()
                        .textColumn("asked")
                        .textPairColumn("known")
                        .build())
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(20)
                        .learningRate(2e-4)
                        .build())
                .build();
        Job.train(recipe, Datasets.of("questions", rows), null, TrainingListener.SILENT);

        try (var classifier = TextClassificationPipeline.load(output.toString())) {
            System.out.println(classifier.predict("was the food bad", "was it bad food"));
            System.out.println(classifier.predict("was the food bad", "where is the station"));
        }
    }

    private static Map<String, String> row(String asked, String known, String label) {
        return Map.of("asked", asked, "known", known, "label", label);
    }
}
