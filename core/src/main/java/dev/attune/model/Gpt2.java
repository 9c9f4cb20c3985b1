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
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * GPT-2: Language Models are Unsupervised Multitask Learners (Radford et al. 2019), as {@code GPT2Model} and its heads in Hugging
 * Face transformers. A token sees itself and those before it. Hidden states are packed: {@code N} tokens, {@code C} hidden.
 */
public final class Gpt2 extends BackboneModel<Gpt2.Body> implements EncoderModel {
    private static final String BASE = "transformer";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, Gpt2::new,
                    Head.HIDDEN_STATES, Gpt2::new,
                    Head.SEQUENCE_CLASSIFICATION, ForSequenceClassification::new,
                    Head.TOKEN_CLASSIFICATION, ForTokenClassification::new,
                    Head.QUESTION_ANSWERING, ForQuestionAnswering::new),
            config -> Gpt2Config.of(config).bodyWeights(),
            Gpt2Config::dropout,
            List.of("c_attn"));

    /** Heads, and the triangles of zeros and ones that old versions saved. */
    private static final Pattern UNUSED =
            Pattern.compile("(lm_head|score|classifier|qa_outputs)\\..*|(.*\\.)?attn\\.(masked_)?bias");

    /** The backbone alone, as a checkpoint of {@code GPT2Model}. */
    public Gpt2(ModelConfig config) {
        super(config, BASE, new Body(Gpt2Config.of(config)), true);
    }

    @Override
    protected boolean isHead(String name) {
        return false;
    }

    @Override
    protected boolean mayBeUnused(String name) {
        return UNUSED.matcher(name).matches();
    }

    @Override
    public ModelOutput forward(Tokens tokens) {
        return new ModelOutput(backbone.forward(tokens), null);
    }

    /** Embeddings, layers, a last norm. HF: {@code transformer}. */
    static final class Body extends Backbone {
        private final Embedding words;
        private final Embedding positions;
        private final Dropout dropout;
        private final ModuleList<Layer> layers;
        private final LayerNorm norm;
        private final int width;

        Body(Gpt2Config c) {
            width = c.hiddenSize();
            words = child("wte", Embedding.ofWords(c.vocabSize(), width, -1, c.initializerRange()));
            positions = child("wpe", new Embedding(c.maxPositions(), width, -1, c.initializerRange()));
            dropout = child("drop", new Dropout(c.embeddingDropout()));
            layers = child("h", new ModuleList<>(c.layers(), i -> new Layer(c, i)));
            norm = child("ln_f", new LayerNorm(width, c.layerNormEps()));
        }

        /** The hidden states of all tokens (N, C). */
        Tensor forward(Tokens tokens) {
            SequenceLayout layout = tokens.layout();
            Tensor x = through(from(), layerCount(), entry(tokens), layout);
            return layout.withoutFiller(norm.forward(x));
        }

        /** The hidden state of the last token of each sequence (B, C). */
        Tensor last(Tokens tokens) {
            SequenceLayout layout = tokens.layout();
            Tensor x = through(from(), layerCount(), entry(tokens), layout);
            return norm.forward(x.rows(layout.lastTokens()));
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

    /** What all models with a head have in common. */
    private abstract static class WithHead extends BackboneModel<Body> {
        private final String head;

        /** @param head the name of the part above the backbone, with a trailing dot */
        WithHead(ModelConfig config, Gpt2Config c, String head) {
            super(config, BASE, new Body(c), false);
            this.head = head;
        }

        @Override
        protected final boolean isHead(String name) {
            return name.startsWith(head);
        }

        @Override
        protected final boolean mayBeUnused(String name) {
            return UNUSED.matcher(name).matches() && !isHead(name);
        }
    }

    /** One score of each label for each sequence, from its last token. */
    public static final class ForSequenceClassification extends WithHead implements SequenceClassifier {
        private final Linear score;

        /** @param config with {@code id2label} of the labels wanted */
        public ForSequenceClassification(ModelConfig config) {
            // All that config.json may have wrong comes before the first tensor, which nobody would free.
            this(
                    config.withPadding(50256).ofArchitecture("GPT2ForSequenceClassification"),
                    Gpt2Config.of(config),
                    config.labelCount());
        }

        private ForSequenceClassification(ModelConfig config, Gpt2Config c, int labels) {
            super(config, c, "score.");
            score = child("score", Linear.withoutBias(c.hiddenSize(), labels, c.initializerRange()));
        }

        @Override
        public Tensor forward(Tokens tokens) {
            // No dropout stands here, so the keys of the rows are those of an adapter.
            DropoutKeys keys = tokens.layout().keys().rows(tokens.layout().lastTokens());
            return score.forward(backbone.last(tokens), keys).to(DType.FLOAT32); // (B, C) to (B, K)
        }

        @Override
        public void problemType(String type) {
            config(config().with("problem_type", type));
        }
    }

    /** One score of each label for each token. */
    public static final class ForTokenClassification extends WithHead implements TokenScorer {
        private final Dropout dropout;
        private final Linear classifier;

        /** @param config with {@code id2label} of the labels wanted */
        public ForTokenClassification(ModelConfig config) {
            this(config.ofArchitecture("GPT2ForTokenClassification"), Gpt2Config.of(config), config.labelCount());
        }

        private ForTokenClassification(ModelConfig config, Gpt2Config c, int labels) {
            super(config, c, "classifier.");
            dropout = child("dropout", new Dropout(c.classifierDropout()));
            classifier = child("classifier", new Linear(c.hiddenSize(), labels, c.initializerRange()));
        }

        @Override
        public Tensor forward(Tokens tokens) {
            DropoutKeys keys = tokens.layout().keys();
            Tensor x = dropout.forward(backbone.forward(tokens), keys); // (N, C)
            return classifier.forward(x, keys).to(DType.FLOAT32); // (N, K)
        }
    }

    /** Two scores for each token: that an answer begins there, and that it ends there. */
    public static final class ForQuestionAnswering extends WithHead implements TokenScorer {
        private final Linear scores;

        public ForQuestionAnswering(ModelConfig config) {
            this(config.withoutLabels().ofArchitecture("GPT2ForQuestionAnswering"), Gpt2Config.of(config));
        }

        private ForQuestionAnswering(ModelConfig config, Gpt2Config c) {
            super(config, c, "qa_outputs.");
            scores = child("qa_outputs", new Linear(c.hiddenSize(), 2, c.initializerRange()));
        }

        @Override
        public Tensor forward(Tokens tokens) {
            return scores.forward(backbone.forward(tokens), tokens.layout().keys())
                    .to(DType.FLOAT32); // (N, C) to (N, 2)
        }
    }
}
