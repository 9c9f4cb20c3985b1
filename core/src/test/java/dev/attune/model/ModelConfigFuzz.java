package dev.attune.model;

import dev.attune.fuzz.FuzzTarget;
import dev.attune.task.textclassification.ProblemType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@code config.json}: everything that is read of it before a model is made. */
public final class ModelConfigFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "config-json";
    }

    @Override
    public String file() {
        return "config.json";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                """
                {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 30, "hidden_size": 16,
                 "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "hidden_act": "gelu",
                 "max_position_embeddings": 48, "type_vocab_size": 2, "initializer_range": 0.02, "hidden_dropout_prob": 0.1,
                 "attention_probs_dropout_prob": 0.1, "classifier_dropout": null, "pad_token_id": 0, "layer_norm_eps": 1e-12,
                 "position_embedding_type": "absolute", "is_decoder": false, "tie_word_embeddings": true,
                 "problem_type": "multi_label_classification", "id2label": {"0": "a", "1": "b"}, "label2id": {"a": 0, "b": 1}}
                """.getBytes(StandardCharsets.UTF_8),
                "{\"model_type\": \"bert\", \"num_labels\": 3}".getBytes(StandardCharsets.UTF_8),
                """
                {"model_type": "gpt2", "vocab_size": 50, "n_embd": 16, "n_layer": 2, "n_head": 4, "n_inner": null, "n_positions": 32,
                 "activation_function": "gelu_new", "embd_pdrop": 0.1, "scale_attn_weights": true, "eos_token_id": 9}
                """.getBytes(StandardCharsets.UTF_8),
                """
                {"model_type": "qwen2", "vocab_size": 50, "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 2,
                 "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 6, "rms_norm_eps": 1e-6, "eos_token_id": [3, 4],
                 "use_sliding_window": true, "sliding_window": 4, "layer_types": ["full_attention", "sliding_attention"],
                 "rope_parameters": {"rope_type": "llama3", "rope_theta": 500.0, "factor": 4.0, "low_freq_factor": 1.0,
                  "high_freq_factor": 4.0, "original_max_position_embeddings": 16}}
                """.getBytes(StandardCharsets.UTF_8),
                """
                {"model_type": "t5", "vocab_size": 50, "d_model": 16, "d_kv": 6, "d_ff": 24, "num_layers": 2, "num_decoder_layers": 1,
                 "num_heads": 4, "relative_attention_num_buckets": 8, "relative_attention_max_distance": 20, "dropout_rate": 0.1,
                 "feed_forward_proj": "gated-gelu", "tie_word_embeddings": true, "scale_decoder_outputs": false,
                 "decoder_start_token_id": 0, "eos_token_id": 1, "initializer_factor": 1.0, "layer_norm_epsilon": 1e-6}
                """.getBytes(StandardCharsets.UTF_8),
                """
                {"model_type": "bart", "vocab_size": 50, "d_model": 16, "encoder_layers": 1, "decoder_layers": 2,
                 "encoder_attention_heads": 4, "decoder_attention_heads": 2, "encoder_ffn_dim": 24, "decoder_ffn_dim": 20,
                 "activation_function": "gelu", "scale_embedding": true, "max_position_embeddings": 32, "init_std": 0.02,
                 "forced_eos_token_id": 2, "decoder_start_token_id": 2, "classifier_dropout": 0.0}
                """.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> words() {
        return List.of(
                "num_labels",
                "id2label",
                "gelu_new",
                "relu",
                "vocab_size",
                "num_hidden_layers",
                "llama",
                "mistral",
                "linear",
                "rope_scaling",
                "mt5",
                "mbart",
                "gated-silu",
                "num_decoder_layers",
                "regression",
                "2",
                "-1",
                "1.5");
    }

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public void read(Path file) {
        ModelConfig config = ModelConfig.read(file);
        config.architectures();
        config.labels();
        config.text("model_type", "");
        config.withDefaultLabels().labelCount();
        config.with("dtype", "float32").toJson();
        config.maxLength(512);
        config.withPadding(0);
        switch (config.text("model_type", "")) {
            case "gpt2" -> Gpt2Config.of(config).bodyWeights();
            case "llama", "mistral", "qwen2", "qwen3" -> LlamaConfig.of(config).bodyWeights();
            case "t5", "mt5" -> T5Config.of(config).bodyWeights();
            case "bart", "mbart" -> BartConfig.of(config).bodyWeights();
            default -> BertConfig.of(config).bodyWeights();
        }
        ProblemType.of(config);
    }
}
