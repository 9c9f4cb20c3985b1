package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The fields of config.json that change numbers, with the defaults of {@code GPT2Config}.
 *
 * @param scaledByLayer whether the scores of layer i (from 0) are divided by i + 1 too
 */
record Gpt2Config(
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int innerSize,
        UnaryOperator<Tensor> activation,
        double embeddingDropout,
        double residualDropout,
        double attentionDropout,
        double classifierDropout,
        int maxPositions,
        double initializerRange,
        double layerNormEps,
        boolean scaled,
        boolean scaledByLayer) {

    static Gpt2Config of(ModelConfig c) {
        if (c.flag("add_cross_attention", false)) {
            throw new CheckpointException(
                    c.source() + ": add_cross_attention is true; Attune's Gpt2 reads one text only.");
        }
        int hidden = c.size("n_embd", 768);
        Gpt2Config config = new Gpt2Config(
                c.size("vocab_size", 50257),
                hidden,
                c.size("n_layer", 12),
                c.size("n_head", 12),
                c.size("n_inner", (int) Math.min(Integer.MAX_VALUE, 4L * hidden)),
                Activation.named(c.text("activation_function", "gelu_new"), c.source()),
                c.probability("embd_pdrop", 0.1),
                c.probability("resid_pdrop", 0.1),
                c.probability("attn_pdrop", 0.1),
                c.probability("classifier_dropout", c.probability("hidden_dropout", 0.1)),
                c.size("n_positions", 1024),
                c.number("initializer_range", 0.02),
                c.number("layer_norm_epsilon", 1e-5),
                c.flag("scale_attn_weights", true),
                c.flag("scale_attn_by_inverse_layer_idx", false));
        if (config.hiddenSize % config.heads != 0) {
            throw new CheckpointException(c.source() + ": n_embd " + config.hiddenSize + " is not a multiple of n_head "
                    + config.heads + ".");
        }
        return config;
    }

    /** At least how many numbers the body has: its matrices. */
    double bodyWeights() {
        double layer = 4.0 * hiddenSize + 2.0 * innerSize;
        return hiddenSize * ((double) vocabSize + maxPositions + layers * layer);
    }

    /** The rates of a model with this head, and their keys in config.json. */
    static List<DropoutField> dropout(Head head) {
        List<DropoutField> fields = new ArrayList<>();
        fields.add(new DropoutField(
                DropoutField.HIDDEN,
                List.of("resid_pdrop", "embd_pdrop"),
                c -> Gpt2Config.of(c).residualDropout()));
        fields.add(new DropoutField(
                DropoutField.ATTENTION,
                List.of("attn_pdrop"),
                c -> Gpt2Config.of(c).attentionDropout()));
        if (head == Head.TOKEN_CLASSIFICATION) {
            fields.add(new DropoutField(
                    DropoutField.CLASSIFIER,
                    List.of("classifier_dropout"),
                    c -> Gpt2Config.of(c).classifierDropout()));
        }
        return fields;
    }
}
