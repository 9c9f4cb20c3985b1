package dev.attune.cli;

import dev.attune.data.Dataset;
import dev.attune.data.ParquetWriter;
import dev.attune.io.AtomicFiles;
import dev.attune.io.TerminalText;
import dev.attune.job.Predictor;
import dev.attune.job.TableSink;
import dev.attune.job.TrainedJob;
import dev.attune.job.TrainedOptions;
import dev.attune.task.Pipeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code attune predict}: one JSON value a text, with the field names of the Hugging Face pipeline. */
@Command(
        name = "predict",
        header = "Apply a fine-tuned model.",
        description = {
            "Prints one JSON value for each text, in order. Without TEXT and --input, every line of standard input is a"
                    + " text. Task, columns and length limit are those of the training; flags say otherwise. If the rows"
                    + " of --input have labels, metrics go to standard error at the end."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  attune predict --model runs/quickstart \"I lost my card\"",
            "  attune predict --model runs/quickstart --input mails.csv --output labels.jsonl"
        })
final class PredictCommand extends TrainedCommand {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR|MODEL",
            description = "A folder with a fine-tuned model, or maven:group:artifact:version. Names of the Hugging Face"
                    + " Hub are for a later version.")
    private String model;

    @Option(names = "--task", paramLabel = "TASK", description = "The task; without it the one of the training.")
    private @Nullable String task;

    @Option(names = "--input", paramLabel = "FILE|SQL", description = "Rows: CSV, plain text, …, or an SQL query.")
    private @Nullable String input;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write here instead of standard output: JSON Lines, or Parquet if the name ends so.")
    private @Nullable Path output;

    @Option(
            names = "--stream",
            description =
                    "Print the text of an answer while it comes out, in place of JSON: for tasks that write texts.")
    private boolean stream;

    @Mixin
    private OutputTable table = new OutputTable();

    @Parameters(paramLabel = "TEXT", description = "Texts.")
    private List<String> texts = new ArrayList<>();

    @Override
    boolean predicts() {
        return true;
    }

    @Override
    int run() throws IOException {
        boolean rows = input != null || hasDatabase();
        if (rows && !texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give texts or --input, not both.");
        }
        if (table.given() && (!rows || output != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--output-table takes the answers to rows of --input or --jdbc, and stands without --output.");
        }
        if (stream && (texts.isEmpty() || output != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stream prints answers to texts on the command line, and stands without --output.");
        }
        TrainedOptions options = TrainedOptions.of(model, task, flags());
        try (Pipeline<?, ?> pipeline = TrainedJob.pipeline(options)) {
            if (stream) {
                for (String text : texts) print(pipeline, text);
            } else if (table.given()) {
                Dataset asked = source("input", input).read(options.cache());
                try (TableSink sink = table.open(asked)) {
                    printMetrics(Predictor.rows(pipeline, asked, sink, this::note));
                    sink.commit();
                    spec.commandLine().getErr().println(asked.size() + " rows written to " + table.name() + ".");
                }
            } else if (output == null) {
                PrintWriter out = spec.commandLine().getOut();
                predict(options, pipeline, (row, json, cells) -> {
                    out.println(JsonLine.of(json));
                    Output.check(out); // nobody waits for answers that cannot arrive
                });
            } else if (output.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")) {
                try (ParquetWriter writer = new ParquetWriter(output)) {
                    predict(options, pipeline, (row, json, cells) -> writer.write(cells));
                    writer.commit();
                }
            } else {
                AtomicFiles.writeOutput(output, stream -> {
                    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    predict(options, pipeline, (row, json, cells) -> writer.write(JsonLine.of(json) + "\n"));
                    writer.flush();
                });
            }
            pipeline.notes().forEach(this::note);
        }
        return 0;
    }

    private <I, O> void print(Pipeline<I, O> pipeline, String text) {
        PrintWriter out = spec.commandLine().getOut();
        pipeline.answer(pipeline.input(text), piece -> {
            out.print(TerminalText.block(piece));
            out.flush();
        });
        out.println();
        Output.check(out);
    }

    private void predict(TrainedOptions options, Pipeline<?, ?> pipeline, Predictor.Sink sink) throws IOException {
        if (!texts.isEmpty()) {
            Predictor.texts(pipeline, texts, sink);
        } else if (input != null || hasDatabase()) {
            Dataset asked = source("input", input).read(options.cache());
            printMetrics(Predictor.rows(pipeline, asked, sink, this::note));
        } else {
            Predictor.lines(pipeline, standardInput(), sink);
        }
    }

    private void printMetrics(@Nullable Map<String, Double> metrics) {
        if (metrics != null) spec.commandLine().getErr().print(Metrics.table(metrics));
    }

    private void note(String sentence) {
        ConsoleProgress.on(spec.commandLine().getErr(), Terminal.errors()).onMessage(sentence);
    }

    private static BufferedReader standardInput() {
        return new BufferedReader(new InputStreamReader(
                System.in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }
}
