package dev.attune.optim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which learning rate and which weight decay a parameter gets.
 *
 * @param learningRate of the run, at its highest
 * @param weightDecay of all parameters that are decayed
 * @param headLearningRate of the parameters outside the backbone; null for that of the run
 * @param layerDecay multiplies the learning rate once more for each layer below the head; 1 for none
 * @param learningRates learning rates by {@linkplain PatternValues parts of names}, before all else
 * @param weightDecays weight decays by parts of names, of parameters that are decayed
 */
public record GroupRules(
        double learningRate,
        double weightDecay,
        @Nullable Double headLearningRate,
        double layerDecay,
        List<String> learningRates,
        List<String> weightDecays) {

    /** One learning rate, and one weight decay. */
    public static GroupRules of(double learningRate, double weightDecay) {
        return new GroupRules(learningRate, weightDecay, null, 1, List.of(), List.of());
    }

    /** The same with another learning rate for the head. */
    public GroupRules withHeadLearningRate(double rate) {
        return new GroupRules(learningRate, weightDecay, rate, layerDecay, learningRates, weightDecays);
    }

    /** The same with a learning rate that falls from layer to layer. */
    public GroupRules withLayerDecay(double factor) {
        return new GroupRules(learningRate, weightDecay, headLearningRate, factor, learningRates, weightDecays);
    }

    /** The same with learning rates by parts of names: {@code classifier=0.001}. */
    public GroupRules withLearningRates(String... entries) {
        return new GroupRules(learningRate, weightDecay, headLearningRate, layerDecay, List.of(entries), weightDecays);
    }

    /** The same with weight decays by parts of names: {@code embeddings=0}. */
    public GroupRules withWeightDecays(String... entries) {
        return new GroupRules(learningRate, weightDecay, headLearningRate, layerDecay, learningRates, List.of(entries));
    }
}
