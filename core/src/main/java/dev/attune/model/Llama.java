package dev.attune.model;

import dev.attune.nn.Attention;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Embedding;
import dev.attune.nn.Heads;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.RmsNorm;
import dev.attune.nn.Rotary;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DropoutKernel;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Llama (Touvron et al. 2023, arXiv 2302.13971) and those that are the same but for their config: Mistral, Qwen2, Qwen3; as {@code
 * LlamaModel} and its heads in Hugging Face transformers. A token sees itself and those before it. Hidden states are packed: {@code
 * N} tokens, {@code C} hidden, {@code H} heads of size {@code D}.
 */
final class Llama {
    private static final String BASE = "model";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, Llama::backbone,
                    Head.HIDDEN_STATES, Llama::backbone,
                    Head.SEQUENCE_CLASSIFICATION, Llama::forSequenceClassification,
                    Head.TOKEN_CLASSIFICATION, Llama::forTokenClassification,
                    Head.QUESTION_ANSWERING, Llama::forQuestionAnswering,
                    Head.CAUSAL_LM, Llama::forCausalLM),
            config -> LlamaConfig.of(config).bodyWeights(),
            LlamaConfig::dropout,
            List.of("q_proj", "v_proj"));

    /** Heads, and the frequencies that old versions saved. */
    private static final Pattern UNUSED =
            Pattern.compile("(lm_head|score|qa_outputs)\\..*|(.*\\.)?rotary_emb\\.inv_freq");

    private Llama() {}

    /** The backbone alone, as a checkpoint of {@code LlamaModel}. */
    static PretrainedModel backbone(ModelConfig config) {
        return new BareModel<>(config, BASE, new Body(LlamaConfig.of(config), false), UNUSED);
    }

    /** A score of each word for what comes next. */
    static PretrainedModel forCausalLM(ModelConfig config) {
        LlamaConfig c = LlamaConfig.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture(c.name() + "ForCausalLM");
        boolean tied = config.flag("tie_word_embeddings", false);
        return new NextToken<>(own, BASE, new Body(c, tied), UNUSED, tied, c.vocabSize(), c.initializerRange());
    }

    /**
     * One score of each label for each sequence, from its last token.
     *
     * @param config with {@code id2label} of the labels wanted
     */
    static PretrainedModel forSequenceClassification(ModelConfig config) {
        LlamaConfig c = LlamaConfig.of(config);
        ModelConfig own = config.withPadding(2).ofArchitecture(c.name() + "ForSequenceClassification");
        int labels = config.labelCount();
        // All that config.json may have wrong comes before the first tensor, which nobody would free.
        return new LastTokenClassifier<>(own, BASE, new Body(c, false), UNUSED, labels, c.initializerRange());
    }

    /** One score of each label for each token. */
    static PretrainedModel forTokenClassification(ModelConfig config) {
        LlamaConfig c = LlamaConfig.of(config);
        ModelConfig own = config.ofArchitecture(c.name() + "ForTokenClassification");
        int labels = config.labelCount();
        return new TokenHead<>(
                own, BASE, new Body(c, false), UNUSED, "score", labels, c.classifierDropout(), c.initializerRange());
    }

    /** Two scores for each token: that an answer begins there, and that it ends there. */
    static PretrainedModel forQuestionAnswering(ModelConfig config) {
        LlamaConfig c = LlamaConfig.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture(c.name() + "ForQuestionAnswering");
        // The reference kept an older name of the backbone here, but not for Mistral.
        String base = c.name().equals("Mistral") ? BASE : "transformer";
        return new TokenHead<>(own, base, new Body(c, false), UNUSED, "qa_outputs", 2, 0, c.initializerRange());
    }

    /** Embeddings, layers, a last norm. HF: {@code model}. */
    static final class Body extends Decoder {
        private final Embedding words;
        private final ModuleList<Layer> layers;
        private final RmsNorm norm;
        private final Rotary rotary;
        private final int width;

        /** @param tied whether the table of the words is that of the last product too */
        Body(LlamaConfig c, boolean tied) {
            width = c.hiddenSize();
            double range = c.initializerRange();
            words = child(
                    "embed_tokens",
                    tied
                            ? Embedding.ofTiedWords(c.vocabSize(), width, c.padTokenId(), range)
                            : Embedding.ofWords(c.vocabSize(), width, c.padTokenId(), range));
            layers = child("layers", new ModuleList<>(c.layers(), i -> new Layer(c, i)));
            norm = child("norm", new RmsNorm(width, c.rmsNormEps()));
            rotary = c.rotary();
        }

        @Override
        Tensor normed(Tensor x) {
            return norm.forward(x);
        }

        @Override
        String name() {
            return BASE;
        }

        @Override
        Tensor embed(Tokens tokens) {
            return words.forward(tokens.ids(), tokens.layout()); // (R, C)
        }

        @Override
        Tensor through(int from, int to, Tensor x, SequenceLayout layout) {
            Rotary.Turns turns = rotary.turns(layout);
            return layers.chain(from, to, x, (layer, h) -> layer.forward(h, layout, turns));
        }

        @Override
        Embedding words() {
            return words;
        }

        @Override
        int width() {
            return width;
        }

        @Override
        int layerCount() {
            return layers.size();
        }

        @Override
        LayerStack stack(String prefix) {
            return new LayerStack(List.of(prefix + "embed_tokens"), layers.names(prefix + "layers"));
        }
    }

    /** HF: {@code model.layers.{i}}. */
    static final class Layer extends NeuralModule {
        private final SelfAttention attention;
        private final FeedForward feedForward;
        private final RmsNorm beforeAttention;
        private final RmsNorm beforeFeedForward;

        Layer(LlamaConfig c, int number) {
            attention = child("self_attn", new SelfAttention(c, number));
            feedForward = child("mlp", new FeedForward(c));
            beforeAttention = child("input_layernorm", new RmsNorm(c.hiddenSize(), c.rmsNormEps()));
            beforeFeedForward = child("post_attention_layernorm", new RmsNorm(c.hiddenSize(), c.rmsNormEps()));
        }

        Tensor forward(Tensor x, SequenceLayout layout, Rotary.Turns turns) {
            Tensor seen = DropoutKernel.add(x, attention.forward(beforeAttention.forward(x), layout, turns));
            return DropoutKernel.add(
                    seen, feedForward.forward(beforeFeedForward.forward(seen), layout.keys())); // (R, C)
        }
    }

    /** HF: {@code model.layers.{i}.self_attn}. */
    static final class SelfAttention extends NeuralModule {
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final @Nullable RmsNorm queryNorm;
        private final @Nullable RmsNorm keyNorm;
        private final Dropout dropout;
        private final Heads heads;

        SelfAttention(LlamaConfig c, int number) {
            heads = c.headsOf(number);
            int queries = Math.multiplyExact(c.heads(), c.headSize());
            int keys = Math.multiplyExact(c.keyValueHeads(), c.headSize());
            query = child("q_proj", linear(c.hiddenSize(), queries, c.attentionBias(), c));
            key = child("k_proj", linear(c.hiddenSize(), keys, c.attentionBias(), c));
            value = child("v_proj", linear(c.hiddenSize(), keys, c.attentionBias(), c));
            output = child("o_proj", linear(queries, c.hiddenSize(), c.outputBias(), c));
            queryNorm = c.normedHeads() ? child("q_norm", new RmsNorm(c.headSize(), c.rmsNormEps())) : null;
            keyNorm = c.normedHeads() ? child("k_norm", new RmsNorm(c.headSize(), c.rmsNormEps())) : null;
            dropout = child("dropout", new Dropout(c.attentionDropout()));
        }

        Tensor forward(Tensor hidden, SequenceLayout layout, Rotary.Turns turns) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            DropoutKeys keys = layout.keys();
            Tensor q = normed(query.forward(x, keys), queryNorm, heads.query()); // (R, H·D)
            Tensor k = normed(key.forward(x, keys), keyNorm, heads.keyValue()); // (R, Hkv·D)
            Tensor seen = Attention.forward(
                    turns.apply(q, heads.query()),
                    turns.apply(k, heads.keyValue()),
                    value.forward(x, keys),
                    layout,
                    heads,
                    dropout);
            return output.forward(seen, keys);
        }

        private static Tensor normed(Tensor x, @Nullable RmsNorm norm, int heads) {
            if (norm == null) return x;
            Tensor apart = x.view(x.size(0), heads, x.size(1) / heads);
            return norm.forward(apart).to(x.type()).view(x.size(0), x.size(1));
        }
    }

    /** HF: {@code model.layers.{i}.mlp}. */
    static final class FeedForward extends NeuralModule {
        private final Linear gate;
        private final Linear up;
        private final Linear down;
        private final UnaryOperator<Tensor> activation;

        FeedForward(LlamaConfig c) {
            gate = child("gate_proj", linear(c.hiddenSize(), c.innerSize(), c.innerBias(), c));
            up = child("up_proj", linear(c.hiddenSize(), c.innerSize(), c.innerBias(), c));
            down = child("down_proj", linear(c.innerSize(), c.hiddenSize(), c.innerBias(), c));
            activation = c.activation();
        }

        Tensor forward(Tensor hidden, DropoutKeys keys) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            return down.forward(activation.apply(gate.forward(x, keys)).mul(up.forward(x, keys)), keys); // (R, C)
        }
    }

    private static Linear linear(int in, int out, boolean biased, LlamaConfig c) {
        return biased ? new Linear(in, out, c.initializerRange()) : Linear.withoutBias(in, out, c.initializerRange());
    }
}
