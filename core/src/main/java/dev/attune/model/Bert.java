package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Activation;
import dev.attune.nn.Attention;
import dev.attune.nn.Dropout;
import dev.attune.nn.Embedding;
import dev.attune.nn.LayerNorm;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Activations;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.Tensor;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * BERT: Pre-training of Deep Bidirectional Transformers (Devlin et al. 2018, arXiv 1810.04805), as {@code BertModel} and
 * its heads in Hugging Face transformers. Hidden states are packed: {@code N} tokens, {@code C} hidden.
 */
public final class Bert extends PretrainedModel {
    /** Pretraining's heads, that of question answering, and the numbers from 0 on that old versions saved. */
    private static final Pattern OTHERS = Pattern.compile("(cls|qa_outputs)\\..*|(.*\\.)?position_ids");

    private final Backbone model;

    private Bert(ModelConfig config) {
        super(config);
        model = root(new Backbone(Config.of(config)));
    }

    /**
     * The fields of config.json that change numbers, with the defaults of {@code BertConfig}.
     *
     * @param source the file, for messages
     */
    public record Config(
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

        public static Config of(ModelConfig c) {
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
            Config config = new Config(
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
    }

    /** The backbone alone, as a checkpoint of {@code BertModel}. */
    public static Bert backbone(ModelConfig config) {
        return new Bert(config);
    }

    @Override
    protected String basePrefix() {
        return "bert.";
    }

    @Override
    protected boolean isHead(String name) {
        return name.startsWith("pooler.");
    }

    @Override
    protected boolean mayBeUnused(String name) {
        return OTHERS.matcher(name).matches() || name.startsWith("classifier.");
    }

    /** @param ids (N) @param typeIds (N) */
    public ModelOutput forward(Tensor ids, Tensor typeIds, SequenceLayout layout) {
        return model.forward(ids, typeIds, layout);
    }

    /** Embeddings, encoder, pooler. HF: {@code bert}. */
    static final class Backbone extends NeuralModule {
        private final Embeddings embeddings;
        private final Encoder encoder;
        private final Pooler pooler;

        Backbone(Config c) {
            embeddings = child("embeddings", new Embeddings(c));
            encoder = child("encoder", new Encoder(c));
            pooler = child("pooler", new Pooler(c));
        }

        /** What the pooler makes of the first tokens (B, C), without the last layer's work on all the others. */
        Tensor pooledFirst(Tensor ids, Tensor typeIds, SequenceLayout layout) {
            return pooler.forward(encoder.forwardFirst(embeddings.forward(ids, typeIds, layout), layout));
        }

        ModelOutput forward(Tensor ids, Tensor typeIds, SequenceLayout layout) {
            Tensor x = encoder.forward(embeddings.forward(ids, typeIds, layout), layout); // (N, C)
            return new ModelOutput(x, pooler.forward(x.rows(layout.firstTokens())));
        }
    }

    /** HF: {@code bert.embeddings}. */
    static final class Embeddings extends NeuralModule {
        private final Embedding words;
        private final Embedding positions;
        private final Embedding types;
        private final LayerNorm norm;
        private final Dropout dropout;
        private final Config config;

        Embeddings(Config c) {
            int size = c.hiddenSize();
            double range = c.initializerRange();
            words = child("word_embeddings", Embedding.ofWords(c.vocabSize(), size, c.padTokenId(), range));
            positions = child("position_embeddings", new Embedding(c.maxPositions(), size, -1, range));
            types = child("token_type_embeddings", new Embedding(c.typeVocabSize(), size, -1, range));
            norm = child("LayerNorm", new LayerNorm(size, c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.hiddenDropout()));
            config = c;
        }

        Tensor forward(Tensor ids, Tensor typeIds, SequenceLayout layout) {
            if (config.typeVocabSize() == 1 && typeIds.sum().item() > 0) {
                throw new CheckpointException(config.source() + ": type_vocab_size is 1, so the model knows one kind of"
                        + " text, but the tokenizer gives the second text of a pair a type of its own. Use single texts,"
                        + " or a model that was made for pairs.");
            }
            Tensor x = words.forward(ids).add(types.forward(typeIds)); // (N, C)
            x = x.add(positions.forward(layout.positions()));
            return dropout.forward(norm.forward(x));
        }
    }

    /** HF: {@code bert.encoder}. */
    static final class Encoder extends NeuralModule {
        private final ModuleList<Layer> layers;

        Encoder(Config c) {
            layers = child("layer", new ModuleList<>(c.layers(), i -> new Layer(c)));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            return layers.chain(x, (layer, h) -> layer.forward(h, layout));
        }

        /** (N, C) to the first token of each sequence (B, C): nobody reads what the last layer makes of the others. */
        Tensor forwardFirst(Tensor x, SequenceLayout layout) {
            Layer last = layers.last();
            return layers.chain(
                    x, (layer, h) -> layer == last ? layer.forwardFirst(h, layout) : layer.forward(h, layout));
        }
    }

    /** HF: {@code bert.encoder.layer.{i}}. */
    static final class Layer extends NeuralModule {
        private final SelfAttentionBlock attention;
        private final Intermediate intermediate;
        private final Output output;

        Layer(Config c) {
            attention = child("attention", new SelfAttentionBlock(c));
            intermediate = child("intermediate", new Intermediate(c));
            output = child("output", new Output(c.intermediateSize(), c));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            x = attention.forward(x, layout);
            return output.forward(intermediate.forward(x), x);
        }

        Tensor forwardFirst(Tensor x, SequenceLayout layout) {
            Tensor first = attention.forwardFirst(x, layout); // (B, C)
            return output.forward(intermediate.forward(first), first);
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.attention}. */
    static final class SelfAttentionBlock extends NeuralModule {
        private final SelfAttention self;
        private final Output output;

        SelfAttentionBlock(Config c) {
            self = child("self", new SelfAttention(c));
            output = child("output", new Output(c.hiddenSize(), c));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            return output.forward(self.forward(x, layout), x);
        }

        Tensor forwardFirst(Tensor x, SequenceLayout layout) {
            Tensor first = x.rows(layout.firstTokens()); // (B, C)
            return output.forward(self.forwardFirst(first, x, layout), first);
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.attention.self}. */
    static final class SelfAttention extends NeuralModule {
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Dropout dropout;
        private final int heads;

        SelfAttention(Config c) {
            int size = c.hiddenSize();
            query = child("query", new Linear(size, size, c.initializerRange()));
            key = child("key", new Linear(size, size, c.initializerRange()));
            value = child("value", new Linear(size, size, c.initializerRange()));
            dropout = child("dropout", new Dropout(c.attentionDropout()));
            heads = c.heads();
        }

        Tensor forward(Tensor hidden, SequenceLayout layout) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            return Attention.forward(query.forward(x), key.forward(x), value.forward(x), layout, heads, dropout);
        }

        Tensor forwardFirst(Tensor first, Tensor hidden, SequenceLayout layout) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            return Attention.forwardFirst(
                    query.forward(first), key.forward(x), value.forward(x), layout, heads, dropout);
        }
    }

    /** HF: {@code bert.encoder.layer.{i}.intermediate}. */
    static final class Intermediate extends NeuralModule {
        private final Linear dense;
        private final UnaryOperator<Tensor> activation;

        Intermediate(Config c) {
            dense = child("dense", new Linear(c.hiddenSize(), c.intermediateSize(), c.initializerRange()));
            activation = c.activation();
        }

        Tensor forward(Tensor x) {
            return activation.apply(dense.forward(x)); // (N, C) to (N, intermediate)
        }
    }

    /** Projection, dropout, residual, norm. HF: {@code ….attention.output} and {@code ….output}. */
    static final class Output extends NeuralModule {
        private final Linear dense;
        private final LayerNorm norm;
        private final Dropout dropout;

        Output(int in, Config c) {
            dense = child("dense", new Linear(in, c.hiddenSize(), c.initializerRange()));
            norm = child("LayerNorm", new LayerNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.hiddenDropout()));
        }

        Tensor forward(Tensor x, Tensor residual) {
            return norm.forward(dropout.addTo(residual, dense.forward(x))); // (N, C)
        }
    }

    /** HF: {@code bert.pooler}. */
    static final class Pooler extends NeuralModule {
        private final Linear dense;

        Pooler(Config c) {
            dense = child("dense", new Linear(c.hiddenSize(), c.hiddenSize(), c.initializerRange()));
        }

        /** First tokens (B, C) to (B, C). */
        Tensor forward(Tensor first) {
            return Activations.tanh(dense.forward(first));
        }
    }

    /** {@code BertForSequenceClassification}: one score for each label. */
    public static final class ForSequenceClassification extends PretrainedModel implements SequenceClassifier {
        private final Backbone bert;
        private final Dropout dropout;
        private final Linear classifier;

        /** @param config with {@code id2label} of the labels wanted */
        public ForSequenceClassification(ModelConfig config) {
            super(config.with("architectures", java.util.List.of("BertForSequenceClassification")));
            // All that config.json may have wrong comes before the first tensor, which nobody would free.
            int labels = Math.max(config.labels().size(), 1);
            Config c = Config.of(config);
            bert = child("bert", new Backbone(c));
            dropout = child("dropout", new Dropout(c.classifierDropout()));
            classifier = child("classifier", new Linear(c.hiddenSize(), labels, c.initializerRange()));
        }

        @Override
        protected String basePrefix() {
            return "bert.";
        }

        @Override
        protected boolean isHead(String name) {
            return name.startsWith("classifier.") || name.startsWith("bert.pooler.");
        }

        @Override
        protected boolean mayBeUnused(String name) {
            return OTHERS.matcher(name).matches();
        }

        @Override
        public Tensor forward(Tensor ids, Tensor typeIds, SequenceLayout layout) {
            // In training it would draw other dropout than a run of the whole layer: the seeds' numbers stay.
            Tensor pooled = training()
                    ? bert.forward(ids, typeIds, layout).poolerOutput()
                    : bert.pooledFirst(ids, typeIds, layout); // (B, C)
            return classifier.forward(dropout.forward(pooled)).to(dev.attune.tensor.DType.FLOAT32); // (B, K)
        }

        @Override
        public void problemType(String type) {
            config(config().with("problem_type", type));
        }
    }
}
