// Trains a small model of your own shape from random weights, with the tokenizer of another model.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/UntrainedModel.java
//
// Arguments, all optional: the model whose tokenizer is taken, the folder of the run, a CSV file. README.md tells how
// to
// build the class path.

import dev.attune.hub.Hub;
import dev.attune.job.Job;
import dev.attune.job.Recipe;
import dev.attune.model.ModelConfig;
import dev.attune.train.TrainSummary;
import dev.attune.train.TrainingArguments;
import dev.attune.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

public final class UntrainedModel {
    public static void main(String[] args) throws IOException {
        Path tokenizer = Hub.resolve(args.length > 0 ? args[0] : "minilm").directory();
        Path output = Path.of(args.length > 1 ? args[1] : "runs/untrained-model");

        // config.json is all that makes a model: its kind, its size, and as many embeddings as the tokenizer has
        // tokens.
        int vocabulary = ModelConfig.read(tokenizer).integer("vocab_size", 0);
        Files.createDirectories(output.toAbsolutePath().getParent());
        Path config = Files.writeString(output.resolveSibling("small-bert.json"), """
                {"model_type": "bert", "vocab_size": %d, "hidden_size": 64, "num_hidden_layers": 2,
                 "num_attention_heads": 2, "intermediate_size": 128, "max_position_embeddings": 128}
                """.formatted(vocabulary));

        Recipe recipe = Recipe.builder()
                .untrainedModel(config, tokenizer)
                .train(args.length > 2 ? args[2] : "recipes/quickstart/train.csv")
                .validationFraction(0.1)
                .maxLength(64)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(4)
                        .learningRate(1e-3) // small models and random weights want more than the usual 5e-5
                        .seed(1) // decides the weights, too
                        .build())
                .build();
        TrainSummary done = Job.train(recipe, TrainingListener.SILENT);
        System.out.println("loss " + done.allResults().get("train_loss"));
        System.out.println("accuracy " + done.allResults().get("eval_accuracy"));
    }
}
