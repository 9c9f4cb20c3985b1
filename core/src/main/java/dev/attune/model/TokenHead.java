package dev.attune.model;

import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Linear;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.regex.Pattern;

/** Some scores for each token: one of each label, or those that an answer begins there, and ends there. */
final class TokenHead<B extends Backbone> extends HeadedModel<B> implements TokenScorer {
    private final Dropout dropout;
    private final Linear scores;

    /**
     * @param head name of the last product
     * @param count of scores
     * @param rate of dropout before the last product; 0 for none
     * @param initializerRange of the last product
     */
    TokenHead(
            ModelConfig config,
            String base,
            B backbone,
            Pattern unused,
            String head,
            int count,
            double rate,
            double initializerRange) {
        super(config, base, backbone, head, unused);
        dropout = child("dropout", new Dropout(rate));
        scores = child(head, new Linear(backbone.width(), count, initializerRange));
    }

    @Override
    public Tensor forward(Tokens tokens) {
        DropoutKeys keys = tokens.layout().keys();
        Tensor x = dropout.forward(backbone.forward(tokens), keys); // (N, C)
        return scores.forward(x, keys).to(DType.FLOAT32); // (N, K)
    }
}
