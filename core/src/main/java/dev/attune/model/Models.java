package dev.attune.model;

import dev.attune.checkpoint.LoadReport;
import dev.attune.checkpoint.WeightFiles;
import dev.attune.checkpoint.Weights;
import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** From a model folder to a model: {@code model_type} in config.json chooses the class. */
public final class Models {
    /** A new architecture is one more line here and one file beside it. */
    private static final Map<String, Map<Head, Function<ModelConfig, PretrainedModel>>> FAMILIES = Map.of(
            "bert",
            Map.of(
                    Head.BACKBONE, Bert::backbone,
                    Head.HIDDEN_STATES, Bert::hiddenStates,
                    Head.SEQUENCE_CLASSIFICATION, Bert.ForSequenceClassification::new,
                    Head.TOKEN_CLASSIFICATION, Bert.ForTokenClassification::new,
                    Head.QUESTION_ANSWERING, Bert.ForQuestionAnswering::new,
                    Head.MASKED_LM, Bert.ForMaskedLM::new));

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
        PretrainedModel model = make(config.noting("All weights are random: the model starts untrained."), head);
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
        PretrainedModel model = make(config, head);
        try (Weights weights = WeightFiles.open(directory)) {
            LoadReport report = model.load(weights);
            return new LoadedModel(model, report);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** A model without weights: its parameters hold what happened to be in memory. */
    private static PretrainedModel make(ModelConfig config, Head head) {
        String type = config.text("model_type", "");
        Map<Head, Function<ModelConfig, PretrainedModel>> family = FAMILIES.get(type);
        if (family == null) {
            throw new CheckpointException(config.source() + ": model_type is \"" + type
                    + "\", which Attune does not have." + Suggestion.didYouMean(type, FAMILIES.keySet())
                    + " There are " + String.join(", ", FAMILIES.keySet()) + ".");
        }
        Function<ModelConfig, PretrainedModel> factory = family.get(head);
        if (factory == null) {
            throw new CheckpointException(config.source() + ": models of the type " + type + " have no head for "
                    + head.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " here.");
        }
        return factory.apply(config);
    }
}
