package dev.attune.cli;

import dev.attune.error.DataException;
import dev.attune.io.AtomicFiles;
import dev.attune.task.TextClassificationPipeline;
import dev.attune.task.TextClassificationPipeline.Prediction;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune predict}: one JSON object a text, with the field names of the Hugging Face pipeline. */
@Command(
        name = "predict",
        header = "Apply a fine-tuned model to texts.",
        description = "Prints one JSON object for each text, in order. Without TEXT and --input, every line of standard"
                + " input is a text.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  attune predict --model runs/quickstart \"I lost my card\"",
            "  attune predict --model runs/quickstart --input mails.csv --output labels.jsonl"
        })
final class PredictCommand implements Callable<Integer> {
    /** Enough for full batches of similar lengths, little enough to see results early. */
    private static final int CHUNK = 512;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR|MODEL",
            description = "A folder with a fine-tuned model, or maven:group:artifact:version. Names of the Hugging Face"
                    + " Hub are for a later version.")
    private String model;

    @Option(names = "--task", paramLabel = "TASK", description = "text-classification, the only one so far.")
    private String task = "text-classification";

    @Option(names = "--input", paramLabel = "FILE|SQL", description = "Texts: CSV, plain text, …, or an SQL query.")
    private @Nullable String input;

    @Option(names = "--text-column", paramLabel = "NAME", description = "Column of --input that holds the text.")
    private @Nullable String textColumn;

    @Option(names = "--output", paramLabel = "FILE", description = "Write here instead of standard output.")
    private @Nullable Path output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Parameters(paramLabel = "TEXT", description = "Texts to classify.")
    private List<String> texts = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (input != null && !texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give texts or --input, not both.");
        }
        if (textColumn != null && input == null) {
            throw new ParameterException(spec.commandLine(), "--text-column needs --input.");
        }
        if (!task.equals("text-classification")) {
            throw new ParameterException(
                    spec.commandLine(), "--task is \"" + task + "\", but this version knows only text-classification.");
        }
        Iterable<InputText> source = InputText.from(texts, input, textColumn);
        try (TextClassificationPipeline pipeline = TextClassificationPipeline.load(model)) {
            if (output == null) {
                PrintWriter out = spec.commandLine().getOut();
                predict(pipeline, source, line -> {
                    out.println(line);
                    out.flush();
                });
            } else {
                AtomicFiles.write(output, stream -> {
                    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    predict(pipeline, source, line -> writer.write(line + "\n"));
                    writer.flush();
                });
            }
        }
        return 0;
    }

    private interface Sink {
        void line(String line) throws IOException;
    }

    private static void predict(TextClassificationPipeline pipeline, Iterable<InputText> source, Sink sink)
            throws IOException {
        // Somebody who types wants an answer after each line.
        int size = System.console() == null ? CHUNK : 1;
        List<String> chunk = new ArrayList<>();
        for (InputText text : source) {
            if (text.content().isBlank()) {
                throw new DataException(text.where() + ": the text is empty. Give it a text, or remove it.");
            }
            chunk.add(text.content());
            if (chunk.size() == size) flush(pipeline, chunk, sink);
        }
        if (!chunk.isEmpty()) flush(pipeline, chunk, sink);
    }

    private static void flush(TextClassificationPipeline pipeline, List<String> chunk, Sink sink) throws IOException {
        for (Prediction prediction : pipeline.predict(chunk)) sink.line(json(prediction));
        chunk.clear();
    }

    /** The object that the Hugging Face pipeline returns for one text. */
    static String json(Prediction prediction) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("label", prediction.label());
        object.put("score", prediction.score());
        return JsonLine.of(object);
    }
}
