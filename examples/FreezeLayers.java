// Trains the last layer and the head of a model, and keeps what the frozen layers give from the first epoch on.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/FreezeLayers.java
//
// Arguments, all optional: the model, the folder of the run, the CSV file. README.md tells how to build the class path.

import dev.attune.adapt.Freezing;
import dev.attune.adapt.TrainableParameters;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.model.LoadedModel;
import dev.attune.model.Models;
import dev.attune.train.FrozenPrefixMode;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;

public final class FreezeLayers {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/freeze-layers");
        String csv = args.length > 2 ? args[2] : "recipes/quickstart/train.csv"; // columns: text, label

        Recipe recipe = Recipe.builder()
                .model(model)
                .train(csv)
                .validationFraction(0.1)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(2)
                        .learningRate(3e-4) // fewer parameters take larger steps
                        .freeze(List.of("embeddings", "encoder.layer[:-1]"))
                        .frozenPrefix(FrozenPrefixMode.CACHE)
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        System.out.println("accuracy " + done.allResults().get("eval_accuracy"));

        // A loop of your own freezes the model itself. Its optimizer, made after that, leaves out what is frozen.
        LoadedModel loaded = Models.sequenceClassifier(output);
        try (var classifier = loaded.model()) {
            Freezing.of("all_but_last=1").apply(classifier);
            System.out.println(TrainableParameters.of(classifier));
        }
    }
}
