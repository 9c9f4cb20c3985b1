package dev.attune.model;

import dev.attune.nn.Linear;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.regex.Pattern;

/** Two scores for each token that the decoder is given to write again: that an answer begins there, and that it ends there. */
final class WrittenAgainScorer<B extends EncoderDecoderBody> extends EncoderDecoderModel<B> implements TokenScorer {
    private static final String HEAD = "qa_outputs";

    private final Linear scores;

    /** @param initializerRange of the last product */
    WrittenAgainScorer(ModelConfig config, String base, Names names, B body, Pattern unused, double initializerRange) {
        super(config, base, names, body, Pattern.compile(HEAD + "\\."), unused);
        scores = child(HEAD, new Linear(body.width(), 2, initializerRange));
    }

    @Override
    public Tensor forward(Tokens tokens) {
        Tensor x = tokens.layout().withoutFiller(body.writtenAgain(tokens, null)); // (N, C)
        return scores.forward(x, tokens.layout().keys()).to(DType.FLOAT32); // (N, 2)
    }
}
