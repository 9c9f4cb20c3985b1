package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The fields of config.json that change numbers, of T5 and of mT5, which differs from it by config.
 *
 * @param name how the reference's classes begin
 * @param headSize D; H·D may be another number than C
 * @param gated whether a second product decides how much of each inner number goes on, as from version 1.1 on
 * @param tied whether the last product takes the table of the words, as far as a config tells: the weights decide
 * @param scaled whether hidden states are divided by √C before the last product, as in version 1.0
 * @param start the id that what is written begins with
 */
record T5Config(
        String name,
        int vocabSize,
        int hiddenSize,
        int headSize,
        int innerSize,
        int layers,
        int decoderLayers,
        int heads,
        int buckets,
        int maxDistance,
        double dropout,
        double classifierDropout,
        double layerNormEps,
        double factor,
        UnaryOperator<Tensor> activation,
        boolean gated,
        boolean tied,
        boolean scaled,
        int start,
        int end) {
    private static final String GATED = "gated-";

    static T5Config of(ModelConfig c) {
        boolean multilingual = c.text("model_type", "t5").equals("mt5");
        int layers = c.size("num_layers", multilingual ? 8 : 6);
        String forward = c.text("feed_forward_proj", multilingual ? "gated-gelu" : "relu");
        boolean gated = forward.startsWith(GATED);
        // What was called GELU is its approximation by tanh, but only where it gates.
        String act = forward.equals("gated-gelu") ? "gelu_new" : gated ? forward.substring(GATED.length()) : forward;
        boolean tied = c.flag("tie_word_embeddings", true);
        // Version 5 of transformers says in a second key what the first one said before.
        boolean scaled = !multilingual && c.flag("scale_decoder_outputs", tied);
        T5Config config = new T5Config(
                multilingual ? "MT5" : "T5",
                c.size("vocab_size", multilingual ? 250112 : 32128),
                c.size("d_model", 512),
                c.size("d_kv", 64),
                c.size("d_ff", multilingual ? 1024 : 2048),
                layers,
                c.size("num_decoder_layers", layers),
                c.size("num_heads", multilingual ? 6 : 8),
                c.size("relative_attention_num_buckets", 32),
                c.size("relative_attention_max_distance", 128),
                c.probability("dropout_rate", 0.1),
                c.probability("classifier_dropout", 0),
                c.number("layer_norm_epsilon", 1e-6),
                c.number("initializer_factor", 1),
                Activation.named(act, c.source()),
                gated,
                tied && (multilingual || scaled),
                scaled,
                c.integer("decoder_start_token_id", c.integer("pad_token_id", 0)),
                c.integer("eos_token_id", 1));
        config.requireBuckets(c.source());
        return config;
    }

    private void requireBuckets(String source) {
        if (buckets < 4 || buckets % 2 != 0) {
            throw new CheckpointException(source + ": relative_attention_num_buckets is " + buckets
                    + ", but must be an even number of at least 4.");
        }
        if (maxDistance <= buckets / 2) {
            throw new CheckpointException(source + ": relative_attention_max_distance is " + maxDistance
                    + ", but must be more than half of relative_attention_num_buckets, which is " + buckets + ".");
        }
    }

    /** H·D. */
    int attentionSize() {
        return Math.multiplyExact(heads, headSize);
    }

    /** How far from 0 the weights of a product begin that sums over so many numbers. */
    double range(double inputs) {
        return factor / Math.sqrt(inputs);
    }

    /** At least how many numbers the encoder has, which all models have: its matrices. */
    double bodyWeights() {
        double layer = 4.0 * heads * headSize + (gated ? 3.0 : 2.0) * innerSize;
        return hiddenSize * (vocabSize + layers * layer);
    }

    /** The rates of a model with this head, and their keys in config.json: there is one for all places in the body. */
    static List<DropoutField> dropout(Head head) {
        List<DropoutField> fields = new ArrayList<>();
        fields.add(new DropoutField(
                DropoutField.HIDDEN,
                List.of("dropout_rate"),
                c -> T5Config.of(c).dropout()));
        if (head == Head.SEQUENCE_CLASSIFICATION || head == Head.TOKEN_CLASSIFICATION) {
            fields.add(new DropoutField(
                    DropoutField.CLASSIFIER,
                    List.of("classifier_dropout"),
                    c -> T5Config.of(c).classifierDropout()));
        }
        return fields;
    }
}
