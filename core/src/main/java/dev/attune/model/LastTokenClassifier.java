package dev.attune.model;

import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Linear;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.regex.Pattern;

/** One score of each label for each sequence, from its last token: {@code score}, a product without a bias. */
final class LastTokenClassifier<B extends Decoder> extends HeadedModel<B> implements SequenceClassifier {
    private final Linear score;

    /** @param initializerRange of the product */
    LastTokenClassifier(
            ModelConfig config, String base, B backbone, Pattern unused, int labels, double initializerRange) {
        super(config, base, backbone, "score", unused);
        score = child("score", Linear.withoutBias(backbone.width(), labels, initializerRange));
    }

    @Override
    public Tensor forward(Tokens tokens) {
        Tensor last = tokens.layout().lastTokens();
        DropoutKeys keys = tokens.layout().keys().rows(last);
        return score.forward(backbone.at(tokens, last), keys).to(DType.FLOAT32); // (B, C) to (B, K)
    }

    @Override
    public void problemType(String type) {
        config(config().with("problem_type", type));
    }
}
