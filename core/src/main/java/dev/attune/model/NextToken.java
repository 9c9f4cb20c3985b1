package dev.attune.model;

import dev.attune.nn.Linear;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A score of each word for what comes after each token: {@code lm_head}, a product without a bias. Its table is that of the
 * embeddings, {@code tie_word_embeddings}, or its own.
 */
final class NextToken<B extends Decoder> extends HeadedModel<B> implements LanguageModel {
    private static final String HEAD = "lm_head";

    private final @Nullable Linear own;
    private final Map<String, String> tied;

    /**
     * @param backbone with {@linkplain dev.attune.nn.Embedding#ofTiedWords tied words}, if the product takes their table
     * @param initializerRange of a table of its own
     */
    NextToken(
            ModelConfig config,
            String base,
            B backbone,
            Pattern unused,
            boolean tiesWords,
            int words,
            double initializerRange) {
        super(config, base, backbone, HEAD, unused);
        own = tiesWords ? null : child(HEAD, Linear.withoutBias(backbone.width(), words, initializerRange));
        String table = base + "." + backbone.stack("").embeddings().get(0) + ".weight";
        tied = tiesWords ? Map.of(HEAD + ".weight", table) : Map.of();
    }

    @Override
    public Map<String, String> tiedNames() {
        return tied;
    }

    @Override
    public Tensor forward(Tokens tokens, Tensor rows) {
        Tensor x = backbone.at(tokens, rows); // (M, C)
        Tensor scores = own == null
                ? backbone.words().product(x, null)
                : own.forward(x, tokens.layout().keys().rows(rows));
        return scores.to(DType.FLOAT32); // (M, V)
    }
}
