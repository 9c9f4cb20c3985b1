package dev.attune.cli;

import dev.attune.job.ResultNumbers;
import dev.attune.job.TrainedJob;
import dev.attune.job.TrainedOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code attune evaluate}: the metrics of a fine-tuned model on data with labels. */
@Command(
        name = "evaluate",
        header = "Compute the metrics of a fine-tuned model.",
        description = "Task, columns and length limit are those of the training; flags say otherwise.",
        sortOptions = false,
        footer = {"", "Example:", "  attune evaluate --model runs/quickstart --data test.csv"})
final class EvaluateCommand extends TrainedCommand {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Folder of the fine-tuned model.")
    private String model;

    @Option(names = "--task", paramLabel = "TASK", description = "The task; without it the one of the training.")
    private @Nullable String task;

    @Option(
            names = "--data",
            paramLabel = "FILE|SQL",
            description = "Data with labels: CSV, TSV, JSON, JSON Lines or Parquet, a pattern for several files, or an"
                    + " SQL query.")
    private @Nullable String data;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with pictures, the worst rows and labels that are likely to be wrong.")
    private @Nullable Path report;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    boolean predicts() {
        return false;
    }

    @Override
    int run() {
        TrainedOptions options = TrainedOptions.of(model, task, flags());
        PrintWriter out = spec.commandLine().getOut();
        // Notes must not get into the JSON.
        ConsoleProgress notes = json
                ? ConsoleProgress.on(spec.commandLine().getErr(), Terminal.errors())
                : ConsoleProgress.on(out, Terminal.output());
        Map<String, Double> metrics = TrainedJob.evaluate(options, source("data", data), report, notes);
        if (json) {
            out.println(JsonLine.of(ResultNumbers.of(metrics)));
        } else {
            out.print(Metrics.table(metrics));
        }
        return 0;
    }
}
