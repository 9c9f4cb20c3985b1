package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.nn.Heads;
import dev.attune.nn.Rotary;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/**
 * The fields of config.json that change numbers, of Llama and of those that differ from it by config: Mistral, Qwen2, Qwen3.
 *
 * @param name how the reference's classes begin
 * @param attentionBias whether queries, keys and values have a bias
 * @param outputBias whether the product behind attention has one
 * @param normedHeads whether queries and keys are normed, each head for itself
 * @param windows from the number of a layer to how many tokens it sees; 0 for all
 */
record LlamaConfig(
        String name,
        int vocabSize,
        int hiddenSize,
        int innerSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headSize,
        UnaryOperator<Tensor> activation,
        double rmsNormEps,
        double initializerRange,
        boolean attentionBias,
        boolean outputBias,
        boolean innerBias,
        boolean normedHeads,
        double attentionDropout,
        double classifierDropout,
        int padTokenId,
        double ropeBase,
        DoubleUnaryOperator ropeScaling,
        IntUnaryOperator windows) {
    private static final String SLIDING = "sliding_attention";

    private static final Map<String, String> NAMES =
            Map.of("llama", "Llama", "mistral", "Mistral", "qwen2", "Qwen2", "qwen3", "Qwen3");

    static LlamaConfig of(ModelConfig c) {
        String type = c.text("model_type", "llama");
        int hidden = c.size("hidden_size", 4096);
        int heads = c.size("num_attention_heads", 32);
        int layers = c.size("num_hidden_layers", 32);
        // Each class has defaults of its own, but save_pretrained writes all of these.
        int keyValueHeads = c.size("num_key_value_heads", heads);
        int headSize = c.size("head_dim", type.equals("qwen3") ? 128 : Math.max(1, hidden / heads));
        boolean biased = type.equals("qwen2") || c.flag("attention_bias", false);
        if (heads % keyValueHeads != 0) {
            throw new CheckpointException(c.source() + ": num_attention_heads " + heads
                    + " is not a multiple of num_key_value_heads " + keyValueHeads + ".");
        }
        if (headSize % 2 != 0) {
            throw new CheckpointException(c.source() + ": head_dim is " + headSize
                    + ", but pairs of numbers are turned, so it has to be even.");
        }
        ModelConfig rope = c.has("rope_parameters") ? c.section("rope_parameters") : c.section("rope_scaling");
        return new LlamaConfig(
                NAMES.getOrDefault(type, "Llama"),
                c.size("vocab_size", 32000),
                hidden,
                c.size("intermediate_size", 11008),
                layers,
                heads,
                keyValueHeads,
                headSize,
                Activation.named(c.text("hidden_act", "silu"), c.source()),
                c.number("rms_norm_eps", 1e-6),
                c.number("initializer_range", 0.02),
                biased,
                biased && !type.equals("qwen2"),
                c.flag("mlp_bias", false),
                type.equals("qwen3"),
                c.probability("attention_dropout", 0),
                c.probability("classifier_dropout", c.probability("hidden_dropout", 0.1)),
                c.integer("pad_token_id", -1),
                rope.number("rope_theta", c.number("rope_theta", 10_000)),
                ropeScaling(rope),
                windows(c, type, layers));
    }

    private static DoubleUnaryOperator ropeScaling(ModelConfig rope) {
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            case "default" -> frequency -> frequency;
            case "linear" -> {
                double factor = rope.number("factor", 1);
                yield frequency -> (float) frequency / (float) factor;
            }
            case "llama3" -> llama3(rope);
            default ->
                throw new CheckpointException(rope.source() + ": rope_type is \"" + type
                        + "\", which Attune does not have. There are default, linear, llama3.");
        };
    }

    /** Long waves are stretched, short ones are not, and between the two limits it goes over (Llama 3.1). */
    private static DoubleUnaryOperator llama3(ModelConfig rope) {
        double factor = rope.number("factor", 8);
        double low = rope.number("low_freq_factor", 1);
        double high = rope.number("high_freq_factor", 4);
        double before = rope.number("original_max_position_embeddings", 8192);
        return frequency -> {
            double wave = 2 * Math.PI / frequency;
            if (wave < before / high) return frequency;
            if (wave > before / low) return frequency / factor;
            double share = (before / wave - low) / (high - low);
            return (1 - share) * frequency / factor + share * frequency;
        };
    }

    /** From the number of a layer to how many tokens it sees. */
    private static IntUnaryOperator windows(ModelConfig c, String type, int layers) {
        boolean asked = type.equals("mistral") || c.flag("use_sliding_window", false);
        int window = asked && c.has("sliding_window") ? c.size("sliding_window", 4096) : 0;
        List<String> kinds = c.texts("layer_types");
        if (kinds.isEmpty()) {
            int first = type.equals("mistral") ? 0 : c.integer("max_window_layers", 28);
            return layer -> layer >= first ? window : 0;
        }
        if (kinds.size() != layers) {
            throw new CheckpointException(
                    c.source() + ": layer_types has " + kinds.size() + " entries for " + layers + " layers.");
        }
        for (String kind : kinds) {
            if (kind.equals(SLIDING) || kind.equals("full_attention")) continue;
            throw new CheckpointException(c.source() + ": layer_types has \"" + kind
                    + "\", which Attune does not have. There are full_attention, " + SLIDING + ".");
        }
        return layer -> kinds.get(layer).equals(SLIDING) ? window : 0;
    }

    Heads headsOf(int layer) {
        return Heads.causal(heads, headSize).withKeyValueHeads(keyValueHeads).withWindow(windows.applyAsInt(layer));
    }

    Rotary rotary() {
        return new Rotary(headSize, ropeBase, ropeScaling);
    }

    /** At least how many numbers the body has: its matrices. */
    double bodyWeights() {
        double layer = 2.0 * headSize * (heads + (double) keyValueHeads) + 3.0 * innerSize;
        return hiddenSize * (vocabSize + layers * layer);
    }

    /** The rates of a model with this head, and their keys in config.json. */
    static List<DropoutField> dropout(Head head) {
        List<DropoutField> fields = new ArrayList<>();
        fields.add(new DropoutField(
                DropoutField.ATTENTION,
                List.of("attention_dropout"),
                c -> LlamaConfig.of(c).attentionDropout()));
        if (head == Head.TOKEN_CLASSIFICATION) {
            fields.add(new DropoutField(
                    DropoutField.CLASSIFIER,
                    List.of("classifier_dropout"),
                    c -> LlamaConfig.of(c).classifierDropout()));
        }
        return fields;
    }
}
