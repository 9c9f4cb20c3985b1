// Asks one model from several threads at the same time, as a server would.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/ManyThreads.java
//
// Arguments, both optional: the model, the folder of the run. README.md tells how to build the class path.

import dev.attune.data.Datasets;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.textclassification.TextClassificationPipeline;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

public final class ManyThreads {
    public static void main(String[] args) throws Exception {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/many-threads");
        Recipe recipe = Recipe.builder()
                .model(model)
                .train("films")
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(20)
                        .learningRate(2e-4)
                        .build())
                .build();
        var rows = List.of(
                Map.of("text", "the film was good", "label", "positive"),
                Map.of("text", "the film was bad", "label", "negative"));
        Job.train(recipe, Datasets.of("films", rows), null, TrainingListener.SILENT);

        // One pipeline for all: it may be asked by any number of threads, and closing waits for those inside.
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (var classifier = TextClassificationPipeline.load(output.toString())) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String text = i % 2 == 0 ? "a good film" : "a bad film";
                answers.add(threads.submit(
                        () -> text + ": " + classifier.predict(text).label()));
            }
            for (Future<String> answer : answers) System.out.println(answer.get());
        } finally {
            threads.shutdown();
        }
    }
}
