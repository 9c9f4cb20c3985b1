package dev.attune.model;

import dev.attune.checkpoint.LoadReport;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** From a model folder to a model: {@code model_type} in config.json chooses the class. */
public final class Models {
    private record Family(
            Function<ModelConfig, PretrainedModel> backbone,
            Function<ModelConfig, PretrainedModel> sequenceClassifier) {}

    /** A new architecture is one more line here and one file beside it. */
    private static final Map<String, Family> FAMILIES =
            Map.of("bert", new Family(Bert::backbone, Bert.ForSequenceClassification::new));

    private Models() {}

    /** The model without a head. */
    public static LoadedModel backbone(Path directory) {
        return load(directory, ModelConfig.read(directory), Family::backbone);
    }

    /** The model with the classification head that its files hold; transformers does not write two unnamed labels. */
    public static LoadedModel sequenceClassifier(Path directory) {
        ModelConfig config = ModelConfig.read(directory);
        if (config.labels().isEmpty()) {
            config = config.withLabels(IntStream.range(0, config.integer("num_labels", 2))
                    .mapToObj(id -> "LABEL_" + id)
                    .toList());
        }
        return load(directory, config, Family::sequenceClassifier);
    }

    /** The model with a classification head for these labels; a head of another size in the files is made anew. */
    public static LoadedModel sequenceClassifier(Path directory, List<String> labels) {
        return load(directory, ModelConfig.read(directory).withLabels(labels), Family::sequenceClassifier);
    }

    /** As {@link #backbone(Path)}, with random numbers from the process's generator in place of trained weights. */
    public static LoadedModel untrainedBackbone(ModelConfig config) {
        return untrained(config, Family::backbone);
    }

    /** As {@link #sequenceClassifier(Path, List)}, with random numbers in place of trained weights. */
    public static LoadedModel untrainedSequenceClassifier(ModelConfig config, List<String> labels) {
        return untrained(config.withLabels(labels), Family::sequenceClassifier);
    }

    private static LoadedModel untrained(
            ModelConfig config, Function<Family, Function<ModelConfig, PretrainedModel>> kind) {
        ModelConfig noted = config.noting("All weights are random: the model starts untrained.");
        PretrainedModel model = kind.apply(family(noted)).apply(noted);
        try {
            return new LoadedModel(model, model.initialise());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static LoadedModel load(
            Path directory, ModelConfig config, Function<Family, Function<ModelConfig, PretrainedModel>> kind) {
        PretrainedModel model = kind.apply(family(config)).apply(config);
        try (Weights weights = WeightFiles.open(directory)) {
            LoadReport report = model.load(weights);
            return new LoadedModel(model, report);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Family family(ModelConfig config) {
        String type = config.text("model_type", "");
        Family family = FAMILIES.get(type);
        if (family != null) return family;
        throw new CheckpointException(config.source() + ": model_type is \"" + type + "\", which Attune does not have."
                + Suggestion.didYouMean(type, FAMILIES.keySet()) + " There are "
                + String.join(", ", FAMILIES.keySet()) + ".");
    }
}
