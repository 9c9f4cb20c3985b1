// Trains with other learning rates and batch sizes, and says which were the best.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/SearchValues.java
//
// Arguments, all optional: the model, the folder of the search, the CSV file. README.md tells how to build the class path.

import dev.attune.job.Recipe;
import dev.attune.job.search.Search;
import dev.attune.job.search.SearchAlgorithm;
import dev.attune.job.search.SearchListener;
import dev.attune.job.search.SearchPlan;
import dev.attune.job.search.SearchResult;
import dev.attune.job.search.Space;
import dev.attune.job.search.Trial;
import dev.attune.train.TrainingArguments;
import java.nio.file.Path;

public final class SearchValues {
    public static void main(String[] args) {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/search-values");
        String csv = args.length > 2 ? args[2] : "recipes/quickstart/train.csv"; // columns: text, label

        Recipe recipe = Recipe.builder()
                .model(model)
                .train(csv)
                .validationFraction(0.25)
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(1)
                        .build())
                .build();
        SearchPlan plan = SearchPlan.builder(recipe)
                .space("learning_rate", Space.logUniform(1e-5, 1e-3))
                .space("per_device_train_batch_size", Space.choice(4, 8))
                .algorithm(SearchAlgorithm.TPE)
                .trials(3)
                .build();
        SearchResult found = Search.run(plan, SearchListener.SILENT);
        for (Trial trial : found.trials()) System.out.println(trial.parameters() + " loss " + trial.metric());
    }
}
