package dev.attune.adapt;

import dev.attune.checkpoint.LoadReport;
import dev.attune.checkpoint.Safetensors;
import dev.attune.checkpoint.Weights;
import dev.attune.model.Adapters;
import dev.attune.model.Head;
import dev.attune.model.LoadedModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that holds a model, or an adapter whose base model lies elsewhere: both are loaded alike, the adapter's as one
 * model. What an adapter's folder lacks, config or tokenizer, comes from its base.
 */
public final class ModelFolder {
    private final Path directory;

    private ModelFolder(Path directory) {
        this.directory = directory;
    }

    public static ModelFolder of(Path directory) {
        return new ModelFolder(directory);
    }

    /** Whether it holds an adapter. */
    public boolean isAdapter() {
        return AdapterConfig.isIn(directory);
    }

    /**
     * The config of the model, with the labels of the adapter's head.
     *
     * @throws dev.attune.error.CheckpointException if it cannot be read, or the base model is not there
     */
    public ModelConfig config() {
        if (!isAdapter() || Files.isRegularFile(directory.resolve("config.json"))) return ModelConfig.read(directory);
        AdapterConfig adapter = AdapterConfig.read(directory);
        ModelConfig config = ModelConfig.read(base(adapter));
        String architecture = adapter.architecture();
        if (architecture == null) return config;
        int labels = labels();
        ModelConfig own = config.with("architectures", List.of(architecture));
        return labels == 0 || labels == config.labels().size()
                ? own
                : own.withLabels(
                        IntStream.range(0, labels).mapToObj(i -> "LABEL_" + i).toList());
    }

    /** How many labels the adapter's head has; 0 if it has none. PEFT saves no config that would tell. */
    private int labels() {
        try (Weights weights = Safetensors.open(directory.resolve(Adapters.WEIGHTS))) {
            for (String head : List.of("classifier", "score")) {
                String name = AdapterNames.PREFIX + head + ".weight";
                if (weights.names().contains(name))
                    return (int) weights.info(name).shape()[0];
            }
            return 0;
        }
    }

    /** The tokenizer; the caller closes it. */
    public Tokenizer tokenizer() {
        return Tokenizer.load(tokenizerFolder());
    }

    /** Whether there is a tokenizer that Attune reads. */
    public boolean hasTokenizer() {
        return Tokenizer.isIn(tokenizerFolder());
    }

    private Path tokenizerFolder() {
        return !isAdapter() || Tokenizer.isIn(directory) ? directory : base(AdapterConfig.read(directory));
    }

    /** A file of the folder, or of the base if an adapter's folder lacks it; null if neither has it. */
    public @Nullable Path file(String name) {
        Path own = directory.resolve(name);
        if (Files.isRegularFile(own)) return own;
        if (!isAdapter()) return null;
        Path inherited = base(AdapterConfig.read(directory)).resolve(name);
        return Files.isRegularFile(inherited) ? inherited : null;
    }

    private Path base(AdapterConfig adapter) {
        return BaseReference.find(directory, adapter.base(), BaseReference.written(directory));
    }

    /**
     * The model with a head; an adapter is merged into its base.
     *
     * @param change what the head needs in the config: labels
     * @throws dev.attune.error.CheckpointException if the files do not fit, or the base model is not there or another one
     */
    public LoadedModel load(Head head, UnaryOperator<ModelConfig> change) {
        if (!isAdapter()) return Models.load(directory, head, change);
        Path base = base(AdapterConfig.read(directory));
        BaseReference written = BaseReference.written(directory);
        // Both read the whole file; the time of one is enough.
        CompletableFuture<Void> checked = CompletableFuture.runAsync(() -> {
            if (written != null) written.require(directory, base);
        });
        LoadedModel loaded = Models.load(base, head, config -> change.apply(config()));
        try {
            join(checked);
            Lora lora = Lora.read(loaded.model(), directory);
            LoadedModel whole = new LoadedModel(loaded.model(), with(loaded.report(), lora.modelParameters()));
            lora.merge();
            loaded.model().generationOf(directory);
            return whole;
        } catch (RuntimeException e) {
            loaded.model().close();
            throw e;
        }
    }

    private static void join(CompletableFuture<Void> checked) {
        try {
            checked.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }

    /** The report on the base, with what the adapter has loaded besides. */
    private static LoadReport with(LoadReport base, Set<String> adapter) {
        List<String> loaded = new ArrayList<>(base.loaded());
        adapter.stream().filter(name -> !loaded.contains(name)).forEach(loaded::add);
        return new LoadReport(
                loaded,
                base.newlyInitialised().stream()
                        .filter(name -> !adapter.contains(name))
                        .toList(),
                base.ignored(),
                base.wrongShape().stream()
                        .filter(wrong -> !adapter.contains(wrong.name()))
                        .toList());
    }
}
