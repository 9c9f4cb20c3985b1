package dev.attune.cli;

import dev.attune.io.TerminalText;
import dev.attune.job.Conversion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code attune convert}: any model that Attune loads, as a Hugging Face folder. */
@Command(
        name = "convert",
        header = "Write a model as a Hugging Face folder.",
        description = {
            "Writes config.json, model.safetensors and the tokenizer, which from_pretrained of transformers reads. What of"
                    + " the source has no place there is said."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  attune convert minilm --output models/minilm",
            "  attune convert runs/lora --output models/merged",
            "  attune convert stories260K.bin --tokenizer tok512.bin --output models/stories"
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SOURCE",
            description = "A folder with safetensors, ONNX, a TensorFlow bundle or an adapter (which is merged),"
                    + " maven:group:artifact:version, a name that attune doctor lists, or a checkpoint of llama2.c"
                    + " (*.bin).")
    private String source;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The new folder.")
    private Path output;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "The vocabulary of a checkpoint of llama2.c; without it the tok*.bin beside it.")
    private @Nullable Path tokenizer;

    @Option(names = "--overwrite", description = "Replace what an earlier conversion wrote there.")
    private boolean overwrite;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Conversion done = Conversion.run(source, tokenizer, output, overwrite);
        ConsoleProgress notes = ConsoleProgress.on(spec.commandLine().getErr(), Terminal.errors());
        done.notes().forEach(notes::onMessage);
        PrintWriter out = spec.commandLine().getOut();
        out.println(TerminalText.line(
                done.output() + ": " + done.architecture() + ", " + Numbers.si(done.parameters()) + " parameters"));
        for (Path file : done.files()) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-28s %s",
                    TerminalText.line(file.getFileName().toString()),
                    Numbers.bytes(Files.size(file))));
        }
        return 0;
    }
}
