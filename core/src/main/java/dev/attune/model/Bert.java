package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Attention;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Embedding;
import dev.attune.nn.Heads;
import dev.attune.nn.Init;
import dev.attune.nn.LayerNorm;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.Parameter;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Activations;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * BERT: Pre-training of Deep Bidirectional Transformers (Devlin et al. 2018, arXiv 1810.04805), as {@code BertModel} and
 * its heads in Hugging Face transformers. Hidden states are packed: {@code N} tokens, {@code C} hidden.
 */
public final class Bert extends BackboneModel<Bert.Body> implements EncoderModel {
    /** Heads, the pooler that some of them go without, and the numbers from 0 on that old versions saved. */
    private static final Pattern UNUSED =
            Pattern.compile("(cls|qa_outputs|classifier|(bert\\.)?pooler)\\..*|(.*\\.)?position_ids");

    private static final String BASE = "bert";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, Bert::backbone,
                    Head.HIDDEN_STATES, Bert::hiddenStates,
                    Head.SEQUENCE_CLASSIFICATION, ForSequenceClassification::new,
                    Head.TOKEN_CLASSIFICATION, Bert::forTokenClassification,
                    Head.QUESTION_ANSWERING, Bert::forQuestionAnswering,
                    Head.MASKED_LM, ForMaskedLM::new),
            config -> BertConfig.of(config).bodyWeights(),
            BertConfig::dropout,
            List.of("query", "value"));

    private Bert(ModelConfig config, Pooling pooling) {
        super(config, BASE, new Body(BertConfig.of(config), pooling, Words.FEW), true);
    }

    /** Whether there is a pooler. */
    private enum Pooling {
        FIRST_TOKEN,
        NONE
    }

    /** How many rows of the word embeddings have a gradient in a batch. */
    private enum Words {
        FEW,
        ALL
    }

    /** The backbone alone, as a checkpoint of {@code BertModel}. */
    public static Bert backbone(ModelConfig config) {
        return new Bert(config, Pooling.FIRST_TOKEN);
    }

    /** The backbone without its pooler, which a checkpoint of {@code BertModel(add_pooling_layer=False)} lacks. */
    public static Bert hiddenStates(ModelConfig config) {
        return new Bert(config, Pooling.NONE);
    }

    /**
     * One score of each label for each token.
     *
     * @param config with {@code id2label} of the labels wanted
     */
    public static PretrainedModel forTokenClassification(ModelConfig config) {
        BertConfig c = BertConfig.of(config);
        ModelConfig own = config.ofArchitecture("BertForTokenClassification");
        int labels = config.labelCount();
        // All that config.json may have wrong comes before the first tensor, which nobody would free.
        Body body = new Body(c, Pooling.NONE, Words.FEW);
        return new TokenHead<>(
                own, BASE, body, UNUSED, "classifier", labels, c.classifierDropout(), c.initializerRange());
    }

    /** Two scores for each token: that an answer begins there, and that it ends there. */
    public static PretrainedModel forQuestionAnswering(ModelConfig config) {
        BertConfig c = BertConfig.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture("BertForQuestionAnswering");
        Body body = new Body(c, Pooling.NONE, Words.FEW);
        return new TokenHead<>(own, BASE, body, UNUSED, "qa_outputs", 2, 0, c.initializerRange());
    }

    @Override
    protected boolean isHead(String name) {
        return backbone.pooler != null && name.startsWith("pooler.");
    }

    @Override
    protected boolean mayBeUnused(String name) {
        return UNUSED.matcher(name).matches() && !isHead(name);
    }

    @Override
    public ModelOutput forward(Tokens tokens) {
        Tensor x = backbone.forward(tokens); // (N, C)
        return new ModelOutput(x, backbone.pooler == null ? null : backbone.pooled(x, tokens.layout()));
    }

    /** Embeddings, encoder, pooler. HF: {@code bert}. */
    static final class Body extends Backbone {
        private final Embeddings embeddings;
        private final Encoder encoder;
        private final @Nullable Pooler pooler;

        Body(BertConfig c, Pooling pooling, Words words) {
            embeddings = child("embeddings", new Embeddings(c, words));
            encoder = child("encoder", new Encoder(c));
            pooler = pooling == Pooling.NONE ? null : child("pooler", new Pooler(c));
        }

        @Override
        Tensor forward(Tokens tokens) {
            SequenceLayout layout = tokens.layout();
            return layout.withoutFiller(through(from(), layerCount(), entry(tokens), layout));
        }

        /** The hidden states of these tokens (M, C), without the last layer's products for all the others. */
        Tensor forward(Tokens tokens, Tensor rows) {
            return encoder.forward(entry(tokens), from(), tokens.layout(), rows);
        }

        /** What the pooler makes of the first tokens' hidden states (B, C). */
        Tensor pooled(Tensor x, SequenceLayout layout) {
            return Objects.requireNonNull(pooler).forward(x.rows(layout.firstTokens()), layout.firstKeys());
        }

        /** The same without the last layer's work on all other tokens. */
        Tensor pooledFirst(Tokens tokens) {
            Tensor first = encoder.forwardFirst(entry(tokens), from(), tokens.layout());
            return Objects.requireNonNull(pooler).forward(first, tokens.layout().firstKeys());
        }

        @Override
        String name() {
            return BASE;
        }

        @Override
        Tensor embed(Tokens tokens) {
            return embeddings.forward(tokens);
        }

        @Override
        Tensor through(int from, int to, Tensor x, SequenceLayout layout) {
            return encoder.forward(from, to, x, layout);
        }

        @Override
        int width() {
            return embeddings.config.hiddenSize();
        }

        @Override
        int layerCount() {
            return encoder.layers.size();
        }

        @Override
        LayerStack stack(String prefix) {
            return new LayerStack(List.of(prefix + "embeddings"), encoder.layers.names(prefix + "encoder.layer"));
        }

        @Override
        Embedding words() {
            return embeddings.words;
        }
    }

    /** HF: {@code bert.embeddings}. */
    static final class Embeddings extends NeuralModule {
        private final Embedding words;
        private final Embedding positions;
        private final Embedding types;
        private final LayerNorm norm;
        private final Dropout dropout;
        private final BertConfig config;

        Embeddings(BertConfig c, Words trained) {
            int size = c.hiddenSize();
            double range = c.initializerRange();
            words = child(
                    "word_embeddings",
                    trained == Words.FEW
                            ? Embedding.ofWords(c.vocabSize(), size, c.padTokenId(), range)
                            : Embedding.ofTiedWords(c.vocabSize(), size, c.padTokenId(), range));
            positions = child("position_embeddings", new Embedding(c.maxPositions(), size, -1, range));
            types = child("token_type_embeddings", new Embedding(c.typeVocabSize(), size, -1, range));
            norm = child("LayerNorm", new LayerNorm(size, c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.hiddenDropout()));
            config = c;
        }

        Tensor forward(Tokens tokens) {
            Tensor typeIds = tokens.typeIds();
            if (config.typeVocabSize() == 1 && typeIds.sum().item() > 0) {
                throw new CheckpointException(config.source() + ": type_vocab_size is 1, so the model knows one kind of"
                        + " text, but the tokenizer gives the second text of a pair a type of its own. Use single texts,"
                        + " or a model that was made for pairs.");
            }
            Tensor x = words.forward(tokens.ids(), tokens.layout()).add(types.forward(typeIds)); // (N, C)
            x = x.add(positions.forward(tokens.layout().positions()));
            return dropout.forward(norm.forward(x), tokens.layout().keys()); // (N, C)
        }
    }

    /** HF: {@code bert.encoder}. */
    static final class Encoder extends NeuralModule {
        private final ModuleList<Layer> layers;

        Encoder(BertConfig c) {
            layers = child("layer", new ModuleList<>(c.layers(), i -> new Layer(c)));
        }

        Tensor forward(int from, int to, Tensor x, SequenceLayout layout) {
            return layers.chain(from, to, x, (layer, h) -> layer.forward(h, layout));
        }

        /** (N, C) to the rows wanted (M, C). */
        Tensor forward(Tensor x, int from, SequenceLayout layout, Tensor rows) {
            if (from == layers.size()) return x.rows(rows);
            Layer last = layers.last();
            return layers.chain(
                    from,
                    layers.size(),
                    x,
                    (layer, h) -> layer == last ? layer.forward(h, layout, rows) : layer.forward(h, layout));
        }

        /** (N, C) to the first token of each sequence (B, C): nobody reads what the last layer makes of the others. */
        Tensor forwardFirst(Tensor x, int from, SequenceLayout layout) {
            if (from == layers.size()) return x.rows(layout.firstTokens());
            Layer last = layers.last();
            return layers.chain(
                    from,
                    layers.size(),
                    x,
                    (layer, h) -> layer == last ? layer.forwardFirst(h, layout) : layer.forward(h, layout));
        }
    }

    /** HF: {@code bert.encoder.layer.{i}}. */
    static final class Layer extends NeuralModule {
        private final SelfAttentionBlock attention;
        private final Intermediate intermediate;
        private final Output output;

        Layer(BertConfig c) {
            attention = child("attention", new SelfAttentionBlock(c));
            intermediate = child("intermediate", new Intermediate(c));
            output = child("output", new Output(c.intermediateSize(), c));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            return feedForward(attention.forward(x, layout), layout.keys());
        }

        /** All tokens see each other, but only those wanted (M, C) go on. */
        Tensor forward(Tensor x, SequenceLayout layout, Tensor rows) {
            return feedForward(
                    attention.forward(x, layout).rows(rows), layout.keys().rows(rows));
        }

        Tensor forwardFirst(Tensor x, SequenceLayout layout) {
            Tensor first = layout.firstTokens();
            return feedForward(
                    attention.forward(x, layout, first), layout.keys().rows(first)); // (B, C)
        }

        private Tensor feedForward(Tensor x, DropoutKeys keys) {
            return output.forward(intermediate.forward(x, keys), x, keys);
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.attention}. */
    static final class SelfAttentionBlock extends NeuralModule {
        private final SelfAttention self;
        private final Output output;

        SelfAttentionBlock(BertConfig c) {
            self = child("self", new SelfAttention(c));
            output = child("output", new Output(c.hiddenSize(), c));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            return output.forward(self.forward(x, layout), x, layout.keys());
        }

        /** @param firstTokens (B) the rows of the first tokens, which alone go on */
        Tensor forward(Tensor x, SequenceLayout layout, Tensor firstTokens) {
            Tensor first = x.rows(firstTokens); // (B, C)
            return output.forward(
                    self.forwardFirst(first, x, layout), first, layout.keys().rows(firstTokens));
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.attention.self}. */
    static final class SelfAttention extends NeuralModule {
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Dropout dropout;
        private final Heads heads;

        SelfAttention(BertConfig c) {
            int size = c.hiddenSize();
            query = child("query", new Linear(size, size, c.initializerRange()));
            key = child("key", new Linear(size, size, c.initializerRange()));
            value = child("value", new Linear(size, size, c.initializerRange()));
            dropout = child("dropout", new Dropout(c.attentionDropout()));
            heads = Heads.bidirectional(c.heads(), size / c.heads());
        }

        Tensor forward(Tensor hidden, SequenceLayout layout) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            DropoutKeys keys = layout.keys();
            return Attention.forward(
                    query.forward(x, keys), key.forward(x, keys), value.forward(x, keys), layout, heads, dropout);
        }

        Tensor forwardFirst(Tensor first, Tensor hidden, SequenceLayout layout) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            DropoutKeys keys = layout.keys();
            Tensor asking = query.forward(first, layout.firstKeys());
            return Attention.forwardFirst(asking, key.forward(x, keys), value.forward(x, keys), layout, heads, dropout);
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.intermediate}. */
    static final class Intermediate extends NeuralModule {
        private final Linear dense;
        private final UnaryOperator<Tensor> activation;

        Intermediate(BertConfig c) {
            dense = child("dense", new Linear(c.hiddenSize(), c.intermediateSize(), c.initializerRange()));
            activation = c.activation();
        }

        Tensor forward(Tensor x, DropoutKeys keys) {
            return activation.apply(dense.forward(x, keys)); // (N, C) to (N, intermediate)
        }
    }

    /** Projection, dropout, residual, norm. HF: {@code ….attention.output} and {@code ….output}. */
    static final class Output extends NeuralModule {
        private final Linear dense;
        private final LayerNorm norm;
        private final Dropout dropout;

        Output(int in, BertConfig c) {
            dense = child("dense", new Linear(in, c.hiddenSize(), c.initializerRange()));
            norm = child("LayerNorm", new LayerNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.hiddenDropout()));
        }

        Tensor forward(Tensor x, Tensor residual, DropoutKeys keys) {
            return norm.forward(dropout.addTo(residual, dense.forward(x, keys), keys)); // (N, C)
        }
    }

    /** HF: {@code bert.pooler}. */
    static final class Pooler extends NeuralModule {
        private final Linear dense;

        Pooler(BertConfig c) {
            dense = child("dense", new Linear(c.hiddenSize(), c.hiddenSize(), c.initializerRange()));
        }

        /** First tokens (B, C) to (B, C). */
        Tensor forward(Tensor first, DropoutKeys keys) {
            return Activations.tanh(dense.forward(first, keys));
        }
    }

    /** One score of each label for each sequence. */
    public static final class ForSequenceClassification extends HeadedModel<Body> implements SequenceClassifier {
        private final Dropout dropout;
        private final Linear classifier;

        /** @param config with {@code id2label} of the labels wanted */
        public ForSequenceClassification(ModelConfig config) {
            // All that config.json may have wrong comes before the first tensor, which nobody would free.
            this(config.ofArchitecture("BertForSequenceClassification"), BertConfig.of(config), config.labelCount());
        }

        private ForSequenceClassification(ModelConfig config, BertConfig c, int labels) {
            super(config, BASE, new Body(c, Pooling.FIRST_TOKEN, Words.FEW), "classifier", UNUSED);
            dropout = child("dropout", new Dropout(c.classifierDropout()));
            classifier = child("classifier", new Linear(c.hiddenSize(), labels, c.initializerRange()));
        }

        @Override
        public Tensor forward(Tokens tokens) {
            Tensor pooled = backbone.pooledFirst(tokens); // (B, C)
            Tensor x = dropout.forward(pooled, tokens.layout().firstKeys());
            return classifier.forward(x, tokens.layout().firstKeys()).to(DType.FLOAT32); // (B, K)
        }

        @Override
        protected boolean isHead(String name) {
            return super.isHead(name) || name.startsWith("bert.pooler.");
        }

        @Override
        public void problemType(String type) {
            config(config().with("problem_type", type));
        }
    }

    /** A score of each word of the vocabulary for hidden tokens. */
    public static final class ForMaskedLM extends HeadedModel<Body> implements LanguageModel {
        private final Pretraining cls;

        public ForMaskedLM(ModelConfig config) {
            this(tied(config).withoutLabels().ofArchitecture("BertForMaskedLM"), BertConfig.of(config));
        }

        private ForMaskedLM(ModelConfig config, BertConfig c) {
            super(config, BASE, new Body(c, Pooling.NONE, Words.ALL), "cls", UNUSED);
            cls = child("cls", new Pretraining(c));
        }

        private static ModelConfig tied(ModelConfig config) {
            if (config.flag("tie_word_embeddings", true)) return config;
            throw new CheckpointException(
                    config.source() + ": tie_word_embeddings is false; the last product of Attune's"
                            + " Bert takes the table of the words, as all published BERTs do.");
        }

        /** Pretraining judged pairs of sentences too. */
        @Override
        protected boolean mayBeUnused(String name) {
            return name.startsWith("cls.seq_relationship.") || super.mayBeUnused(name);
        }

        @Override
        public Map<String, String> tiedNames() {
            return Map.of(
                    "cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight",
                    "cls.predictions.decoder.bias", "cls.predictions.bias");
        }

        @Override
        public Tensor forward(Tokens tokens, Tensor rows) {
            Tensor x = backbone.forward(tokens, rows); // (M, C)
            DropoutKeys keys = tokens.layout().keys().rows(rows);
            return cls.predictions.forward(x, backbone.words(), keys).to(DType.FLOAT32); // (M, V)
        }
    }

    /** HF: {@code cls}. */
    static final class Pretraining extends NeuralModule {
        private final Predictions predictions;

        Pretraining(BertConfig c) {
            predictions = child("predictions", new Predictions(c));
        }
    }

    /** HF: {@code cls.predictions}. */
    static final class Predictions extends NeuralModule {
        private final Parameter bias;
        private final Transform transform;

        Predictions(BertConfig c) {
            bias = param("bias", Init.ZEROS, c.vocabSize());
            transform = child("transform", new Transform(c));
        }

        Tensor forward(Tensor x, Embedding words, DropoutKeys keys) {
            return words.product(transform.forward(x, keys), bias); // (M, C) to (M, V)
        }
    }

    /** HF: {@code cls.predictions.transform}. */
    static final class Transform extends NeuralModule {
        private final Linear dense;
        private final LayerNorm norm;
        private final UnaryOperator<Tensor> activation;

        Transform(BertConfig c) {
            dense = child("dense", new Linear(c.hiddenSize(), c.hiddenSize(), c.initializerRange()));
            norm = child("LayerNorm", new LayerNorm(c.hiddenSize(), c.layerNormEps()));
            activation = c.activation();
        }

        Tensor forward(Tensor x, DropoutKeys keys) {
            return norm.forward(activation.apply(dense.forward(x, keys))); // (M, C)
        }
    }
}
