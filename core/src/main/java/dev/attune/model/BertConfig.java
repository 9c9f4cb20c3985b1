package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The fields of config.json that change numbers, with the defaults of {@code BertConfig}.
 *
 * @param source the file, for messages
 */
public record BertConfig(
        String source,
        int vocabSize,
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        UnaryOperator<Tensor> activation,
        double hiddenDropout,
        double attentionDropout,
        int maxPositions,
        int typeVocabSize,
        double initializerRange,
        double layerNormEps,
        int padTokenId,
        double classifierDropout) {

    public static BertConfig of(ModelConfig c) {
        String position = c.text("position_embedding_type", "absolute");
        if (!position.equals("absolute")) {
            throw new CheckpointException(c.source() + ": position_embedding_type is \"" + position
                    + "\"; Attune's Bert has \"absolute\" only.");
        }
        if (c.flag("is_decoder", false)) {
            throw new CheckpointException(
                    c.source() + ": is_decoder is true; Attune's Bert is an encoder. Set it to false.");
        }
        double hiddenDropout = c.probability("hidden_dropout_prob", 0.1);
        BertConfig config = new BertConfig(
                c.source(),
                c.size("vocab_size", 30522),
                c.size("hidden_size", 768),
                c.size("num_hidden_layers", 12),
                c.size("num_attention_heads", 12),
                c.size("intermediate_size", 3072),
                Activation.named(c.text("hidden_act", "gelu"), c.source()),
                hiddenDropout,
                c.probability("attention_probs_dropout_prob", 0.1),
                c.size("max_position_embeddings", 512),
                c.size("type_vocab_size", 2),
                c.number("initializer_range", 0.02),
                c.number("layer_norm_eps", 1e-12),
                c.integer("pad_token_id", 0),
                c.probability("classifier_dropout", hiddenDropout));
        if (config.hiddenSize % config.heads != 0) {
            throw new CheckpointException(c.source() + ": hidden_size " + config.hiddenSize
                    + " is not a multiple of num_attention_heads " + config.heads + ".");
        }
        return config;
    }

    /** At least how many numbers the body has: its matrices. */
    double bodyWeights() {
        double embeddings = (double) vocabSize + maxPositions + typeVocabSize;
        double layer = 4.0 * hiddenSize + 2.0 * intermediateSize;
        return hiddenSize * (embeddings + layers * layer);
    }

    /** The rates of a model with this head, and their keys in config.json. */
    static List<DropoutField> dropout(Head head) {
        List<DropoutField> fields = new ArrayList<>();
        fields.add(new DropoutField(
                DropoutField.HIDDEN,
                List.of("hidden_dropout_prob"),
                c -> BertConfig.of(c).hiddenDropout()));
        fields.add(new DropoutField(
                DropoutField.ATTENTION,
                List.of("attention_probs_dropout_prob"),
                c -> BertConfig.of(c).attentionDropout()));
        if (head == Head.SEQUENCE_CLASSIFICATION || head == Head.TOKEN_CLASSIFICATION) {
            fields.add(new DropoutField(
                    DropoutField.CLASSIFIER,
                    List.of("classifier_dropout"),
                    c -> BertConfig.of(c).classifierDropout()));
        }
        return fields;
    }
}
