package dev.attune.model;

import dev.attune.nn.CrossLayout;
import dev.attune.nn.Embedding;
import dev.attune.nn.Init;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A score of each word for what comes next in a text that BART writes: by the table of the words, and a bias that is not trained. */
final class BartForConditionalGeneration extends EncoderDecoderModel<Bart.Body> implements EncoderDecoder {
    private final Parameter bias;

    BartForConditionalGeneration(ModelConfig config) {
        this(config, BartConfig.of(config));
    }

    private BartForConditionalGeneration(ModelConfig config, BartConfig c) {
        super(
                c.unlabelled(config, 3).ofArchitecture(c.name() + "ForConditionalGeneration"),
                "model",
                Names.BELOW_BASE,
                new Bart.Body(
                        c, Embedding.ofTiedWords(c.vocabSize(), c.hiddenSize(), c.padTokenId(), c.initializerRange())),
                NO_HEAD,
                Bart.UNUSED);
        bias = buffer("final_logits_bias", Init.ZEROS, 1, c.vocabSize());
    }

    @Override
    public Map<String, String> tiedNames() {
        Map<String, String> names = new LinkedHashMap<>(super.tiedNames());
        names.put("lm_head.weight", sharedTable());
        return names;
    }

    @Override
    public Tensor encode(Tokens read) {
        return body.encode(read);
    }

    @Override
    public Tensor forward(Tokens written, Tensor encoded, CrossLayout across, Tensor rows) {
        Tensor x = body.decode(written, encoded, across, rows); // (M, C)
        return body.words().product(x, null).to(DType.FLOAT32).add(bias.value()); // (M, V)
    }

    @Override
    public int[] shifted(int[] text) {
        return body.shifted(text);
    }
}
