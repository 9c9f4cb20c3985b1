// Trains on the rows of a query by JDBC. Here DuckDB in memory, so that it runs anywhere; any database goes the same
// way.
//
//   java @cli/jvm.options -cp "cli/target/classes:$(cat cli/target/classpath.txt)" examples/RowsFromDatabase.java
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

public final class RowsFromDatabase {
    public static void main(String[] args) throws SQLException {
        String model = args.length > 0 ? args[0] : "minilm";
        Path output = Path.of(args.length > 1 ? args[1] : "runs/rows-from-database");

        Dataset rows;
        try (Connection shop = DriverManager.getConnection("jdbc:duckdb:")) {
            try (Statement sql = shop.createStatement()) {
                sql.execute("CREATE TABLE review (body VARCHAR, stars INTEGER, lang VARCHAR)");
                sql.execute("INSERT INTO review VALUES ('good food', 5, 'en'), ('great food and very nice', 5, 'en'),"
                        + " ('bad food', 1, 'en'), ('poor, not nice', 1, 'en'), ('schlecht', 1, 'de')");
            }
            // A value of the query goes where the ? is. The rows are read once and kept: the connection may close.
            rows = Datasets.jdbc(shop, "SELECT body AS text, stars AS label FROM review WHERE lang = ?", "en");
            // Without a connection of your own: Datasets.jdbc("jdbc:postgresql://host/shop", "SELECT …")
        }
        System.out.println(rows.size() + " rows, columns " + rows.columns());

        Recipe recipe = Recipe.builder()
                .model(model)
                .train("reviews") // what the records of the run call the rows
                .overwrite(true)
                .training(TrainingArguments.builder()
                        .outputDir(output)
                        .numTrainEpochs(20)
                        .learningRate(2e-4)
                        .build())
                .build();
        Job.train(recipe, rows, null, TrainingListener.SILENT);
        try (var classifier = TextClassificationPipeline.load(output.toString())) {
            System.out.println(classifier.predict("very good")); // whole numbers are classes: 1 or 5
        }
    }
}
