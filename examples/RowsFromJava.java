// Trains on rows that are made in Java: lists of maps, the keys are the columns.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/RowsFromJava.java
//
// Arguments, both optional: the model, the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Dataset;
import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

public final class RowsFromJava {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/rows-from-java");

        Dataset films = Datasets.of(
                "films",
                List.of(
                        Map.of("text", "the film was good", "label", "positive"),
                        Map.of("text", "a great film, and very nice music", "label", "positive"),
                        Map.of("text", "not bad at all", "label", "positive"),
                        Map.of("text", "the film was awful", "label", "negative"),
                        Map.of("text", "poor acting and a bad story", "label", "negative"),
                        Map.of("text", "not good at all", "label", "negative")));

        Recipe recipe = Recipe.builder()
                .model(model)
                .train("films") // the rows come from Java: this is only what the records of the run call them
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(20)
                        .learningRate(2e-4)
                        .build())
                .build();
        Job.train(recipe, films, null, TrainingListener.SILENT); // null: no validation rows

        try (var classifier = TextClassificationPipeline.load(output.toString())) {
            // Many texts at once are faster than one after the other; the answers come in the order of the texts.
            classifier.predict(List.of("a very good story", "an awful evening")).forEach(System.out::println);
        }
    }
}
