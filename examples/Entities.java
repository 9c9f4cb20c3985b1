// Trains a model that finds names in sentences whose words have tags, and asks it.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/Entities.java
//
// Arguments, all optional: the model, the folder of the run, and a CoNLL file: a word and its tag a line, an empty line after
// each sentence. README.md tells how to build the class path.

import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.task.FineTuned;
import dev.attune.task.tokenclassification.Entity;
import dev.attune.task.tokenclassification.TokenAnswers;
import dev.attune.task.tokenclassification.TokenAnswers.Aggregation;
import dev.attune.task.tokenclassification.TokenClassificationPipeline;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.nio.file.Path;

public final class Entities {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/entities");
        String sentences = args.length > 2 ? args[2] : "recipes/token-classification/train.conll";

        Recipe recipe = Recipe.builder()
                .task("token-classification")
                .model(model)
                .train(sentences)
                .validationFraction(0.2)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(2)
                        .learningRate(1e-4)
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        System.out.println("f1 " + done.allResults().get("eval_f1"));

        TokenAnswers entities =
                TokenAnswers.builder().aggregationStrategy(Aggregation.SIMPLE).build();
        try (var names = TokenClassificationPipeline.load(FineTuned.open(output.toString()), entities)) {
            for (Entity entity : names.predict("Mara Lindqvist of Holt & Sons comes to Bristol on Monday.")) {
                System.out.println(entity.label() + " " + entity.word() + " " + entity.score());
            }
        }
    }
}
