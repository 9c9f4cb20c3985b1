package dev.attune.model;

import dev.attune.checkpoint.LoadReport;
import dev.attune.checkpoint.TensorData;
import dev.attune.checkpoint.TensorInfo;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.SmallFile;
import dev.attune.nn.Embedding;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model with a config and the names of a Hugging Face checkpoint: loads, says what was loaded, saves. */
public abstract class PretrainedModel extends NeuralModule {
    private static final String GENERATION = "generation_config.json";

    /** The reference's {@code max_shard_size}. */
    private static final long MAX_SHARD_BYTES = 50_000_000_000L;

    private ModelConfig config;
    private @Nullable Adapters adapters;
    private @Nullable String generation;

    protected PretrainedModel(ModelConfig config) {
        this.config = config;
    }

    public final ModelConfig config() {
        return config;
    }

    /** What the reference calls a model of this kind, {@code BertForSequenceClassification}. */
    public final String architecture() {
        List<String> names = config.architectures();
        return names.isEmpty() ? getClass().getSimpleName() : names.get(0);
    }

    /** Replaces the config that {@link #save} writes: the labels, the problem type. The shape of the model stays. */
    protected final void config(ModelConfig changed) {
        config = changed;
    }

    /** How texts come out of the model: {@code generation_config.json} as it was read, or null if there is none. */
    public final @Nullable String generation() {
        return generation;
    }

    /** Takes that of a folder instead; a file that is not there changes nothing. */
    public final void generationOf(Path directory) {
        Path file = directory.resolve(GENERATION);
        if (!Files.isRegularFile(file)) return;
        try {
            generation = new String(SmallFile.bytes(file, 1), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CheckpointException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** From now on the model carries these; null if it carries none any more. */
    public final void carry(@Nullable Adapters adapters) {
        this.adapters = adapters;
    }

    /** What the model carries, or null. */
    public final @Nullable Adapters adapters() {
        return adapters;
    }

    /**
     * Name of the backbone inside this family's models with a head, with a trailing dot: {@code "bert."}. The backbone
     * has it too: in a checkpoint of a model with a head this name stands before those of its tensors.
     */
    public abstract String basePrefix();

    /** What the family calls its backbone below other heads, where that differs. */
    protected String otherBasePrefix() {
        return basePrefix();
    }

    /** What a token passes through, from the bottom up. */
    public abstract LayerStack stack();

    /** Names that parameters have besides their own, because another module shares the tensor; to the own name. */
    public Map<String, String> tiedNames() {
        return Map.of();
    }

    /** Whether a parameter is the backbone's; of a backbone alone all are. */
    protected abstract boolean isInBackbone(String name);

    /** Names of the parameters of the backbone. */
    public final Set<String> backboneParameters() {
        Set<String> names = new LinkedHashSet<>(parameters().keySet());
        names.removeIf(name -> !isInBackbone(name));
        return names;
    }

    /** Names of the parameters outside the backbone; a backbone alone has no head. */
    public final Set<String> headParameters() {
        Set<String> names = new LinkedHashSet<>(parameters().keySet());
        names.removeIf(this::isInBackbone);
        return names;
    }

    /** The table of the words: what the reference calls {@code get_input_embeddings}. */
    public abstract Embedding inputEmbeddings();

    /** Whether a parameter may be missing in a checkpoint because fine-tuning makes it anew: a head, a pooler. */
    protected abstract boolean isHead(String name);

    /** Whether a tensor of a checkpoint that this model lacks is nothing to tell: another head's, or a constant. */
    protected abstract boolean mayBeUnused(String name);

    /** Makes the model one that these files fit, before they fill it: which of its tensors share numbers may stand in no config. */
    protected void fit(Weights weights) {}

    /**
     * Fills the parameters from files. A backbone's file fits a model with a head and the other way round: the prefix is
     * added or taken off. What is missing is initialised from the process's generator, in the order of the code.
     *
     * @throws CheckpointException if a tensor of the body is missing or has another shape, or a parameter is stored as
     *     whole numbers
     */
    public final LoadReport load(Weights weights) {
        fit(weights);
        return new WeightLoading(this, weights).run();
    }

    /**
     * Makes the model what {@link #save} wrote into a folder.
     *
     * @throws CheckpointException if the folder holds another model, or not all of this one
     */
    public final void restore(Path directory) {
        if (adapters != null) {
            adapters.load(directory);
            return;
        }
        try (Weights weights = WeightFiles.open(directory)) {
            LoadReport report = load(weights);
            if (!report.complete()) {
                throw new CheckpointException("The weights in " + directory + " are not those of this run.\n" + report);
            }
        }
    }

    /** Fills all parameters as an untrained model's, from the process's generator, in the order of the code. */
    public final LoadReport initialise() {
        Map<String, Parameter> all = parameters();
        all.values().forEach(Parameter::initialise);
        buffers().values().forEach(Parameter::initialise);
        return new LoadReport(List.of(), List.copyOf(all.keySet()), List.of(), List.of());
    }

    /**
     * Writes config.json and model.safetensors, in shards with an index beyond 50 GB; Python's {@code from_pretrained}
     * reads the folder unchanged. Of a model that {@linkplain #carry carries} adapters it writes those in place of the weights.
     */
    public final void save(Path directory) {
        save(directory, MAX_SHARD_BYTES);
    }

    /** As {@link #save(Path)}, with files of at most so many bytes of tensors; a larger tensor gets a file of its own. */
    public final void save(Path directory, long maxShardBytes) {
        if (generation != null) AtomicFiles.writeString(directory.resolve(GENERATION), generation);
        if (adapters != null) {
            adapters.save(directory);
            AtomicFiles.writeString(directory.resolve("config.json"), config.toJson());
            return;
        }
        try (Scope scope = Scope.open()) {
            List<TensorData> tensors = new ArrayList<>();
            for (Map<String, Parameter> stored : List.of(parameters(), buffers())) {
                stored.forEach((name, parameter) -> tensors.add(new TensorData(
                        new TensorInfo(name, DType.FLOAT32, parameter.value().shape()),
                        parameter.value().detach().memory())));
            }
            WeightFiles.save(directory, tensors, maxShardBytes);
        }
        AtomicFiles.writeString(directory.resolve("config.json"), savedConfig().toJson());
    }

    /**
     * The config with the type of the weights as they are saved. transformers from version 5 on casts weights to {@code
     * dtype}; left at the base model's float16, it would round what was trained. {@code torch_dtype} is its older name;
     * without it the versions that know only that one load float32, or the type of the weights.
     */
    private ModelConfig savedConfig() {
        return config.with("dtype", "float32").without("torch_dtype");
    }
}
