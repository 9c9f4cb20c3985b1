package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The fields of config.json that change numbers, of BART and of mBART, which differs from it by config.
 *
 * @param name how the reference's classes begin
 * @param normsFirst whether a sublayer reads normed numbers, and each stack has a norm above its layers, as in mBART
 * @param scaled whether words are multiplied by √C
 * @param start the id that what is written begins with
 */
record BartConfig(
        String name,
        int vocabSize,
        int hiddenSize,
        Side encoder,
        Side decoder,
        int maxPositions,
        UnaryOperator<Tensor> activation,
        double dropout,
        double attentionDropout,
        double activationDropout,
        double classifierDropout,
        double initializerRange,
        boolean normsFirst,
        boolean scaled,
        int padTokenId,
        int start,
        int end) {

    /** One of the two stacks. */
    record Side(int layers, int heads, int innerSize) {
        private static Side of(ModelConfig c, String name, int hidden) {
            Side side = new Side(
                    c.size(name + "_layers", 12),
                    c.size(name + "_attention_heads", 16),
                    c.size(name + "_ffn_dim", 4096));
            if (hidden % side.heads == 0) return side;
            throw new CheckpointException(c.source() + ": d_model " + hidden + " is not a multiple of " + name
                    + "_attention_heads " + side.heads + ".");
        }

        private double weights(double hidden, int attentions) {
            return layers * hidden * (4.0 * attentions * hidden + 2.0 * innerSize);
        }
    }

    static BartConfig of(ModelConfig c) {
        boolean multilingual = c.text("model_type", "bart").equals("mbart");
        if (!c.flag("tie_word_embeddings", true)) {
            throw new CheckpointException(
                    c.source() + ": tie_word_embeddings is false; the last product of Attune's Bart"
                            + " takes the table of the words, as all published BARTs do.");
        }
        int hidden = c.size("d_model", 1024);
        return new BartConfig(
                multilingual ? "MBart" : "Bart",
                c.size("vocab_size", 50265),
                hidden,
                Side.of(c, "encoder", hidden),
                Side.of(c, "decoder", hidden),
                c.size("max_position_embeddings", 1024),
                Activation.named(c.text("activation_function", "gelu"), c.source()),
                c.probability("dropout", 0.1),
                c.probability("attention_dropout", 0),
                c.probability("activation_dropout", 0),
                c.probability("classifier_dropout", 0),
                c.number("init_std", 0.02),
                multilingual,
                c.flag("scale_embedding", false),
                c.integer("pad_token_id", 1),
                c.integer("decoder_start_token_id", multilingual ? c.integer("bos_token_id", 0) : 2),
                c.integer("eos_token_id", 2));
    }

    /**
     * A config of a head without labels, as the reference writes it: BART has names for as many as it would have, mBART none.
     *
     * @param count three if nothing is asked for, two for the scores of an answer
     */
    ModelConfig unlabelled(ModelConfig config, int count) {
        ModelConfig plain = config.without("problem_type").without("num_labels");
        if (normsFirst) return plain.withoutLabels();
        return plain.withLabels(
                IntStream.range(0, count).mapToObj(id -> "LABEL_" + id).toList());
    }

    /** D. */
    int headSize(Side side) {
        return hiddenSize / side.heads;
    }

    /** At least how many numbers the body has: its matrices. */
    double bodyWeights() {
        double tables = (vocabSize + 2.0 * maxPositions) * hiddenSize;
        return tables + encoder.weights(hiddenSize, 1) + decoder.weights(hiddenSize, 2);
    }

    /** The rates of a model with this head, and their keys in config.json. */
    static List<DropoutField> dropout(Head head) {
        List<DropoutField> fields = new ArrayList<>();
        fields.add(new DropoutField(
                DropoutField.HIDDEN, List.of("dropout"), c -> BartConfig.of(c).dropout()));
        fields.add(new DropoutField(
                DropoutField.ATTENTION,
                List.of("attention_dropout"),
                c -> BartConfig.of(c).attentionDropout()));
        if (head == Head.SEQUENCE_CLASSIFICATION) {
            fields.add(new DropoutField(
                    DropoutField.CLASSIFIER,
                    List.of("classifier_dropout"),
                    c -> BartConfig.of(c).classifierDropout()));
        }
        return fields;
    }
}
