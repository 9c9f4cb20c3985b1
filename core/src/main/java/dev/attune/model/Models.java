package dev.attune.model;

import dev.attune.checkpoint.Llama2c;
import dev.attune.checkpoint.Llama2cHeader;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** From a model folder to a model: {@code model_type} in config.json chooses the class. */
public final class Models {
    /** A new architecture is one more line here and one file beside it. */
    private static final Map<String, Family> FAMILIES = Map.ofEntries(
            Map.entry("bart", Bart.FAMILY),
            Map.entry("bert", Bert.FAMILY),
            Map.entry("gpt2", Gpt2.FAMILY),
            Map.entry("llama", Llama.FAMILY),
            Map.entry("mbart", Bart.FAMILY),
            Map.entry("mistral", Llama.FAMILY),
            Map.entry("mt5", T5.FAMILY),
            Map.entry("qwen2", Llama.FAMILY),
            Map.entry("qwen3", Llama.FAMILY),
            Map.entry("t5", T5.FAMILY));

    /** More than a new head has that the files lack. */
    private static final double HEAD_WEIGHTS = 1 << 26;

    private Models() {}

    /** The model without a head. */
    public static LoadedModel backbone(Path directory) {
        return load(directory, Head.BACKBONE, UnaryOperator.identity());
    }

    /** The model with the classification head that its files hold; transformers does not write two unnamed labels. */
    public static LoadedModel sequenceClassifier(Path directory) {
        return load(directory, Head.SEQUENCE_CLASSIFICATION, ModelConfig::withDefaultLabels);
    }

    /** The model with a classification head for these labels; a head of another size in the files is made anew. */
    public static LoadedModel sequenceClassifier(Path directory, List<String> labels) {
        return load(directory, Head.SEQUENCE_CLASSIFICATION, config -> config.withLabels(labels));
    }

    /** A model with random numbers from the process's generator in place of trained weights. */
    public static LoadedModel untrained(ModelConfig config, Head head) {
        ModelConfig noted = config.noting("All weights are random: the model starts untrained.");
        PretrainedModel model = factory(noted, head).apply(noted);
        try {
            return new LoadedModel(model, model.initialise());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * The model of a folder with a head.
     *
     * @param change what the head needs in the config: labels
     * @throws CheckpointException if the family has no such head, or the files do not fit
     */
    public static LoadedModel load(Path directory, Head head, UnaryOperator<ModelConfig> change) {
        ModelConfig config = change.apply(ModelConfig.read(directory));
        Function<ModelConfig, PretrainedModel> factory = factory(config, head);
        try (Weights weights = WeightFiles.open(directory)) {
            requireRoom(config, weights);
            PretrainedModel model = factory.apply(config);
            try {
                model.generationOf(directory);
                return new LoadedModel(model, model.load(weights));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }
    }

    /**
     * The language model in a checkpoint of llama2.c, which is one file.
     *
     * @throws CheckpointException if the file is none, or not a whole one
     */
    public static LoadedModel llama2c(Path file) {
        ModelConfig config = ModelConfig.made(
                Llama2cHeader.read(file).toConfig(),
                file.toString(),
                "A checkpoint of llama2.c has no config.json: its sizes are those in the file, rms_norm_eps 1e-5 and"
                        + " rope_theta 10000 those of llama2.c.");
        try (Weights weights = Llama2c.open(file)) {
            PretrainedModel model = factory(config, Head.CAUSAL_LM).apply(config);
            try {
                return new LoadedModel(model, model.load(weights));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
        }
    }

    /** The heads that models of this family have here. */
    public static Set<Head> heads(ModelConfig config) {
        return family(config).heads().keySet();
    }

    /** A config of a few bytes may ask for all memory there is; the weights are as large as their file. */
    private static void requireRoom(ModelConfig config, Weights weights) {
        double described = family(config).bodyWeights().applyAsDouble(config);
        double stored = 0;
        for (String name : weights.names()) stored += weights.info(name).elements();
        if (described <= 2 * stored + HEAD_WEIGHTS) return;
        throw new CheckpointException(String.format(
                Locale.ROOT,
                "%s describes a model of at least %.0f million numbers, but %s holds %.0f million. Check that config.json"
                        + " belongs to these weights.",
                config.source(),
                described / 1e6,
                weights.source(),
                stored / 1e6));
    }

    /** What a model with this head drops in training, as its family has it. */
    static List<DropoutField> dropout(ModelConfig config, Head head) {
        return family(config).dropout().apply(head);
    }

    /** Ends of the names of the layers that PEFT adapts in models of this family. */
    public static List<String> loraTargets(ModelConfig config) {
        return family(config).loraTargets();
    }

    private static Family family(ModelConfig config) {
        String type = config.text("model_type", "");
        Family family = FAMILIES.get(type);
        if (family != null) return family;
        throw new CheckpointException(config.source() + ": model_type is \"" + type + "\", which Attune does not have."
                + Suggestion.didYouMean(type, FAMILIES.keySet()) + " There are "
                + String.join(", ", new TreeSet<>(FAMILIES.keySet())) + ".");
    }

    /** Makes a model without weights: its parameters hold what happened to be in memory. */
    private static Function<ModelConfig, PretrainedModel> factory(ModelConfig config, Head head) {
        Map<Head, Function<ModelConfig, PretrainedModel>> heads = family(config).heads();
        Function<ModelConfig, PretrainedModel> factory = heads.get(head);
        if (factory != null) return factory;
        String others = heads.keySet().stream()
                .filter(other -> other != Head.BACKBONE && other != Head.HIDDEN_STATES)
                .sorted()
                .map(Models::words)
                .collect(Collectors.joining(", "));
        throw new CheckpointException(config.source() + ": models of the type " + config.text("model_type", "")
                + " have no head for " + words(head) + " here. They have heads for " + others + ".");
    }

    private static String words(Head head) {
        return head.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
