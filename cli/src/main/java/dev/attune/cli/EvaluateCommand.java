package dev.attune.cli;

import dev.attune.job.Job;
import dev.attune.job.RecipeReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code attune evaluate}: the metrics of a fine-tuned model on data with labels. */
@Command(
        name = "evaluate",
        header = "Compute the metrics of a fine-tuned model.",
        sortOptions = false,
        footer = {"", "Example:", "  attune evaluate --model runs/quickstart --data test.csv"})
final class EvaluateCommand implements Callable<Integer> {
    /** Keys of a recipe that make sense here. */
    static final List<String> KEYS = List.of(
            "text_column", "text_pair_column", "label_column", "max_length", "per_device_eval_batch_size", "bf16");

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder of the fine-tuned model.")
    private Path model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|SQL",
            description = "Data with labels: CSV, TSV, JSON, JSON Lines or Parquet, a pattern for several files, or an"
                    + " SQL query.")
    private String data;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        RecipeReader options = new RecipeReader();
        RecipeFlags.read(spec.commandLine().getParseResult(), options);
        PrintWriter out = spec.commandLine().getOut();
        // Notes must not get into the JSON.
        ConsoleProgress notes = ConsoleProgress.on(json ? spec.commandLine().getErr() : out);
        Map<String, Double> metrics = Job.evaluate(model, data, options.forEvaluation(), notes);
        if (json) {
            out.println(JsonLine.of(Metrics.numbers(metrics)));
        } else {
            out.print(Metrics.table(metrics));
        }
        return 0;
    }
}
