package dev.attune.model;

import dev.attune.checkpoint.Weights;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.Linear;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A score of each word for what comes next in a text that T5 writes.
 *
 * <p>Version 1.0 took the table of the words for the last product too; version 1.1 and mT5 have one of their own. Configs do not
 * tell: transformers 5 writes {@code tie_word_embeddings: true} for all of them, and ties what the files do not hold apart. So the
 * files decide here, too; a config does for a model that starts untrained.
 */
final class T5ForConditionalGeneration extends EncoderDecoderModel<T5.Body> implements EncoderDecoder {
    private static final String HEAD = "lm_head";
    private static final String TABLE = HEAD + ".weight";

    private final T5Config c;
    private @Nullable Linear own;

    T5ForConditionalGeneration(ModelConfig config) {
        this(config, T5Config.of(config));
    }

    private T5ForConditionalGeneration(ModelConfig config, T5Config c) {
        super(
                config.withoutLabels().ofArchitecture(c.name() + "ForConditionalGeneration"),
                "transformer",
                Names.AT_ROOT,
                new T5.Body(c),
                Pattern.compile(HEAD + "\\."),
                T5.UNUSED);
        this.c = c;
        tie(c.tied());
    }

    private void tie(boolean tied) {
        body.words().tied(tied);
        if (tied == (own == null)) return;
        if (own != null) {
            release(own);
            own = null;
        } else {
            own = child(HEAD, Linear.withoutBias(c.hiddenSize(), c.vocabSize(), c.factor()));
        }
    }

    @Override
    protected void fit(Weights weights) {
        Set<String> stored = weights.names();
        String table = sharedTable();
        tie(!stored.contains(TABLE) || !stored.contains(table) || WeightLoading.areSame(weights, TABLE, table));
    }

    @Override
    public Map<String, String> tiedNames() {
        Map<String, String> names = new LinkedHashMap<>(super.tiedNames());
        if (own == null) names.put(TABLE, sharedTable());
        return names;
    }

    @Override
    public Tensor encode(Tokens read) {
        return body.encode(read);
    }

    @Override
    public Tensor forward(Tokens written, Tensor encoded, CrossLayout across, Tensor rows) {
        Tensor x = body.decode(written, encoded, across, rows); // (M, C)
        if (c.scaled()) x = x.mul(1 / Math.sqrt(c.hiddenSize()));
        Tensor scores = own == null
                ? body.words().product(x, null)
                : own.forward(x, written.layout().keys().rows(rows));
        return scores.to(DType.FLOAT32); // (M, V)
    }

    @Override
    public int[] shifted(int[] text) {
        return body.shifted(text);
    }
}
