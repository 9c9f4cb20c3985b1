// Gives a text any number of labels: all whose probability is above a threshold.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/SeveralLabels.java
//
// Arguments, both optional: the model, the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.FineTuned;
import dev.attune.task.textclassification.TextAnswer;
import dev.attune.task.textclassification.TextClassificationAnswers;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.task.textclassification.TextInput;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

public final class SeveralLabels {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/several-labels");

        // Lists as labels make it a multi-label problem; in a CSV, "food|price" and problem_type do.
        List<Map<String, Object>> rows = List.of(
                Map.of("text", "the food was good", "label", List.of("food")),
                Map.of("text", "nice food and very cheap", "label", List.of("food", "price")),
                Map.of("text", "it was not cheap", "label", List.of("price")),
                Map.of("text", "awful food for too much money", "label", List.of("food", "price")),
                Map.of("text", "we sat by the window", "label", List.of()),
                Map.of("text", "a nice place by the river", "label", List.of()),
                Map.of("text", "the bill was too high", "label", List.of("price")),
                Map.of("text", "the soup was cold", "label", List.of("food")));

        Recipe recipe = Recipe.builder()
                .model(model)
                .train("remarks")
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(40)
                        .learningRate(2e-4)
                        .build())
                .build();
        Job.train(recipe, Datasets.of("remarks", rows), null, TrainingListener.SILENT);

        var answers = TextClassificationAnswers.builder().threshold(0.5).build();
        try (var classifier = TextClassificationPipeline.load(FineTuned.open(output.toString()), answers)) {
            for (String text : List.of("good food, not cheap", "we sat there for an hour")) {
                TextAnswer answer =
                        classifier.answer(List.of(new TextInput(text, null))).get(0);
                System.out.println(text + ": " + answer.labels()); // the best first; possibly none
            }
        }
    }
}
