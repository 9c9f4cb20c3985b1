package dev.attune.model;

import dev.attune.nn.Attention;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Embedding;
import dev.attune.nn.Heads;
import dev.attune.nn.LayerNorm;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * GPT-2: Language Models are Unsupervised Multitask Learners (Radford et al. 2019), as {@code GPT2Model} and its heads in Hugging
 * Face transformers. A token sees itself and those before it. Hidden states are packed: {@code N} tokens, {@code C} hidden.
 */
final class Gpt2 {
    private static final String BASE = "transformer";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, Gpt2::backbone,
                    Head.HIDDEN_STATES, Gpt2::backbone,
                    Head.SEQUENCE_CLASSIFICATION, Gpt2::forSequenceClassification,
                    Head.TOKEN_CLASSIFICATION, Gpt2::forTokenClassification,
                    Head.QUESTION_ANSWERING, Gpt2::forQuestionAnswering,
                    Head.CAUSAL_LM, Gpt2::forCausalLM),
            config -> Gpt2Config.of(config).bodyWeights(),
            Gpt2Config::dropout,
            List.of("c_attn"));

    /** Heads, and the triangles of zeros and ones that old versions saved. */
    private static final Pattern UNUSED =
            Pattern.compile("(lm_head|score|classifier|qa_outputs)\\..*|(.*\\.)?attn\\.(masked_)?bias");

    private Gpt2() {}

    /** The backbone alone, as a checkpoint of {@code GPT2Model}. */
    static PretrainedModel backbone(ModelConfig config) {
        return new BareModel<>(config, BASE, new Body(Gpt2Config.of(config), false), UNUSED);
    }

    /** A score of each word for what comes next. */
    static PretrainedModel forCausalLM(ModelConfig config) {
        Gpt2Config c = Gpt2Config.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture("GPT2LMHeadModel");
        boolean tied = config.flag("tie_word_embeddings", true);
        return new NextToken<>(own, BASE, new Body(c, tied), UNUSED, tied, c.vocabSize(), c.initializerRange());
    }

    /**
     * One score of each label for each sequence, from its last token.
     *
     * @param config with {@code id2label} of the labels wanted
     */
    static PretrainedModel forSequenceClassification(ModelConfig config) {
        Gpt2Config c = Gpt2Config.of(config);
        ModelConfig own = config.withPadding(50256).ofArchitecture("GPT2ForSequenceClassification");
        int labels = config.labelCount();
        // All that config.json may have wrong comes before the first tensor, which nobody would free.
        return new LastTokenClassifier<>(own, BASE, new Body(c, false), UNUSED, labels, c.initializerRange());
    }

    /** One score of each label for each token. */
    static PretrainedModel forTokenClassification(ModelConfig config) {
        Gpt2Config c = Gpt2Config.of(config);
        ModelConfig own = config.ofArchitecture("GPT2ForTokenClassification");
        int labels = config.labelCount();
        return new TokenHead<>(
                own,
                BASE,
                new Body(c, false),
                UNUSED,
                "classifier",
                labels,
                c.classifierDropout(),
                c.initializerRange());
    }

    /** Two scores for each token: that an answer begins there, and that it ends there. */
    static PretrainedModel forQuestionAnswering(ModelConfig config) {
        Gpt2Config c = Gpt2Config.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture("GPT2ForQuestionAnswering");
        return new TokenHead<>(own, BASE, new Body(c, false), UNUSED, "qa_outputs", 2, 0, c.initializerRange());
    }

    /** Embeddings, layers, a last norm. HF: {@code transformer}. */
    static final class Body extends Decoder {
        private final Embedding words;
        private final Embedding positions;
        private final Dropout dropout;
        private final ModuleList<Layer> layers;
        private final LayerNorm norm;
        private final int width;

        /** @param tied whether the table of the words is that of the last product too */
        Body(Gpt2Config c, boolean tied) {
            width = c.hiddenSize();
            double range = c.initializerRange();
            words = child(
                    "wte",
                    tied
                            ? Embedding.ofTiedWords(c.vocabSize(), width, -1, range)
                            : Embedding.ofWords(c.vocabSize(), width, -1, range));
            positions = child("wpe", new Embedding(c.maxPositions(), width, -1, c.initializerRange()));
            dropout = child("drop", new Dropout(c.embeddingDropout()));
            layers = child("h", new ModuleList<>(c.layers(), i -> new Layer(c, i)));
            norm = child("ln_f", new LayerNorm(width, c.layerNormEps()));
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
            SequenceLayout layout = tokens.layout();
            Tensor x = words.forward(tokens.ids(), layout).add(positions.forward(layout.positions()));
            return dropout.forward(x, layout.keys()); // (R, C)
        }

        @Override
        Tensor through(int from, int to, Tensor x, SequenceLayout layout) {
            return layers.chain(from, to, x, (layer, h) -> layer.forward(h, layout));
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
            return new LayerStack(List.of(prefix + "wte", prefix + "wpe"), layers.names(prefix + "h"));
        }
    }

    /** HF: {@code transformer.h.{i}}. */
    static final class Layer extends NeuralModule {
        private final LayerNorm beforeAttention;
        private final SelfAttention attention;
        private final LayerNorm beforeFeedForward;
        private final FeedForward feedForward;

        Layer(Gpt2Config c, int number) {
            beforeAttention = child("ln_1", new LayerNorm(c.hiddenSize(), c.layerNormEps()));
            attention = child("attn", new SelfAttention(c, number));
            beforeFeedForward = child("ln_2", new LayerNorm(c.hiddenSize(), c.layerNormEps()));
            feedForward = child("mlp", new FeedForward(c));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            Tensor seen = attention.addTo(x, beforeAttention.forward(x), layout);
            return feedForward.addTo(seen, beforeFeedForward.forward(seen), layout.keys()); // (R, C)
        }
    }

    /** HF: {@code transformer.h.{i}.attn}. */
    static final class SelfAttention extends NeuralModule {
        private final Linear queryKeyValue;
        private final Linear output;
        private final Dropout dropout;
        private final Dropout residualDropout;
        private final Heads heads;

        SelfAttention(Gpt2Config c, int number) {
            int size = c.hiddenSize();
            queryKeyValue = child("c_attn", Linear.turned(size, Math.multiplyExact(3, size), c.initializerRange()));
            output = child("c_proj", Linear.turned(size, size, residualRange(c)));
            dropout = child("attn_dropout", new Dropout(c.attentionDropout()));
            residualDropout = child("resid_dropout", new Dropout(c.residualDropout()));
            Heads scaled = Heads.causal(c.heads(), size / c.heads());
            if (!c.scaled()) scaled = scaled.withScale(1);
            heads = c.scaledByLayer() ? scaled.withScale(scaled.scale() / (number + 1)) : scaled;
        }

        Tensor addTo(Tensor residual, Tensor x, SequenceLayout layout) {
            Tensor qkv = queryKeyValue.forward(x, layout.keys()); // (R, 3·C)
            long size = qkv.size(1) / 3;
            Tensor seen = Attention.forward(
                    qkv.narrow(1, 0, size),
                    qkv.narrow(1, size, size),
                    qkv.narrow(1, 2 * size, size),
                    layout,
                    heads,
                    dropout);
            return residualDropout.addTo(residual, output.forward(seen, layout.keys()), layout.keys());
        }
    }

    /** HF: {@code transformer.h.{i}.mlp}. */
    static final class FeedForward extends NeuralModule {
        private final Linear in;
        private final Linear out;
        private final UnaryOperator<Tensor> activation;
        private final Dropout dropout;

        FeedForward(Gpt2Config c) {
            in = child("c_fc", Linear.turned(c.hiddenSize(), c.innerSize(), c.initializerRange()));
            out = child("c_proj", Linear.turned(c.innerSize(), c.hiddenSize(), residualRange(c)));
            activation = c.activation();
            dropout = child("dropout", new Dropout(c.residualDropout()));
        }

        Tensor addTo(Tensor residual, Tensor x, DropoutKeys keys) {
            Tensor inner = activation.apply(in.forward(x, keys)); // (R, inner)
            return dropout.addTo(residual, out.forward(inner, keys), keys);
        }
    }

    /** What adds to the residual twice a layer begins the smaller, the more layers there are. */
    private static double residualRange(Gpt2Config c) {
        return c.initializerRange() / Math.sqrt(2.0 * c.layers());
    }
}
