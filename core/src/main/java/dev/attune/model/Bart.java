package dev.attune.model;

import dev.attune.nn.Attention;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Embedding;
import dev.attune.nn.Heads;
import dev.attune.nn.LayerNorm;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * BART: Denoising Sequence-to-Sequence Pre-training (Lewis et al. 2020, arXiv 1910.13461), and mBART (Liu et al. 2020, arXiv
 * 2001.08210), which norms before its sublayers and not behind them; as {@code BartModel} and its heads in Hugging Face
 * transformers. Hidden states are packed: {@code N} tokens, {@code C} hidden, {@code F} inner.
 */
final class Bart {
    private static final String BASE = "model";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, Bart::backbone,
                    Head.HIDDEN_STATES, Bart::backbone,
                    Head.SEQUENCE_CLASSIFICATION, Bart::forSequenceClassification,
                    Head.QUESTION_ANSWERING, Bart::forQuestionAnswering,
                    Head.SEQUENCE_TO_SEQUENCE, BartForConditionalGeneration::new),
            config -> BartConfig.of(config).bodyWeights(),
            BartConfig::dropout,
            List.of("q_proj", "v_proj"));

    /** Heads, and what the programs wrote that BART was trained with. */
    static final Pattern UNUSED = Pattern.compile(
            "(lm_head|classification_head|qa_outputs)\\..*|final_logits_bias" + "|(.*\\.)?(encoder|decoder)\\.version");

    private static final double LAYER_NORM_EPS = 1e-5;

    /** Positions are counted from 2, as if that of padding stood before them. */
    private static final int OFFSET = 2;

    private Bart() {}

    /** The body alone, as a checkpoint of {@code BartModel}. */
    static PretrainedModel backbone(ModelConfig config) {
        return new BareEncoderDecoder<>(config, BASE, body(BartConfig.of(config)), UNUSED);
    }

    /**
     * One score of each label for each sequence, from what the decoder makes of its last token, {@code </s>}.
     *
     * @param config with {@code id2label} of the labels wanted
     */
    static PretrainedModel forSequenceClassification(ModelConfig config) {
        BartConfig c = BartConfig.of(config);
        ModelConfig own = config.ofArchitecture(c.name() + "ForSequenceClassification");
        int labels = config.labelCount();
        // All that config.json may have wrong comes before the first tensor, which nobody would free.
        return new LastEndClassifier<>(
                own, BASE, body(c), UNUSED, labels, c.end(), c.classifierDropout(), c.initializerRange());
    }

    /** Two scores for each token, from the decoder: that an answer begins there, and that it ends there. */
    static PretrainedModel forQuestionAnswering(ModelConfig config) {
        BartConfig c = BartConfig.of(config);
        ModelConfig own = c.unlabelled(config, 2).ofArchitecture(c.name() + "ForQuestionAnswering");
        return new WrittenAgainScorer<>(
                own, BASE, EncoderDecoderModel.Names.BELOW_BASE, body(c), UNUSED, c.initializerRange());
    }

    private static Body body(BartConfig c) {
        return new Body(c, Embedding.ofWords(c.vocabSize(), c.hiddenSize(), c.padTokenId(), c.initializerRange()));
    }

    /** A table of words, a stack that reads and one that writes. HF: {@code model}. */
    static final class Body extends EncoderDecoderBody {
        private final Stack<EncoderLayer> encoder;
        private final Stack<DecoderLayer> decoder;
        private final double scale;

        Body(BartConfig c, Embedding table) {
            // mBART's texts end with their language, and are begun with it.
            super(table, c.hiddenSize(), c.normsFirst() ? OWN_LAST_TOKEN : c.start());
            scale = c.scaled() ? Math.sqrt(c.hiddenSize()) : 1;
            encoder =
                    child("encoder", new Stack<>(c, new ModuleList<>(c.encoder().layers(), i -> new EncoderLayer(c))));
            decoder =
                    child("decoder", new Stack<>(c, new ModuleList<>(c.decoder().layers(), i -> new DecoderLayer(c))));
        }

        @Override
        Tensor encode(Tokens read) {
            SequenceLayout layout = read.layout();
            Tensor x = encoder.entered(scaled(words().forward(read.ids(), layout)), layout); // (R, C)
            return encoder.left(encoder.layers.chain(x, (layer, h) -> layer.forward(h, layout)));
        }

        @Override
        Tensor decode(Tokens written, Tensor encoded, CrossLayout across, @Nullable Tensor rows) {
            SequenceLayout layout = written.layout();
            Tensor x = decoder.entered(scaled(words().forward(written.ids())), layout); // (R, C)
            Tensor y = decoder.layers.chain(x, encoded, (layer, h, read) -> layer.forward(h, layout, read, across));
            return decoder.left(rows == null ? y : y.rows(rows)); // (M, C)
        }

        private Tensor scaled(Tensor x) {
            return scale == 1 ? x : x.mul(scale);
        }

        @Override
        LayerStack stack(String prefix) {
            List<String> tables = above(encoder.tables(prefix + "encoder"), decoder.tables(prefix + "decoder"));
            return new LayerStack(
                    above(List.of(prefix + SHARED), tables),
                    above(
                            encoder.layers.names(prefix + "encoder.layers"),
                            decoder.layers.names(prefix + "decoder.layers")));
        }
    }

    /** HF: {@code model.encoder}, {@code model.decoder}. */
    static final class Stack<L extends NeuralModule> extends NeuralModule {
        private final Embedding positions;
        private final ModuleList<L> layers;
        private final LayerNorm embeddingNorm;
        private final @Nullable LayerNorm norm;
        private final Dropout dropout;

        Stack(BartConfig c, ModuleList<L> made) {
            int rows = Math.addExact(c.maxPositions(), OFFSET);
            positions = child("embed_positions", new Embedding(rows, c.hiddenSize(), -1, c.initializerRange()));
            layers = child("layers", made);
            embeddingNorm = child("layernorm_embedding", norm(c));
            norm = c.normsFirst() ? child("layer_norm", norm(c)) : null;
            dropout = child("dropout", new Dropout(c.dropout()));
        }

        /** @param words (R, C) */
        Tensor entered(Tensor words, SequenceLayout layout) {
            Tensor places = layout.positions().add(Tensor.ofInts(new int[] {OFFSET}));
            return dropout.forward(embeddingNorm.forward(words.add(positions.forward(places))), layout.keys());
        }

        Tensor left(Tensor x) {
            return norm == null ? x : norm.forward(x);
        }

        /** What stands below the layers. */
        List<String> tables(String stack) {
            return List.of(stack + ".embed_positions", stack + ".layernorm_embedding");
        }
    }

    /** Attention and feed-forward: what the layers of both stacks have. */
    abstract static class Layer extends NeuralModule {
        private final MultiHead attention;
        private final LayerNorm attentionNorm;
        private final Dropout attentionDropout;
        private final Linear in;
        private final Linear out;
        private final LayerNorm norm;
        private final Dropout innerDropout;
        private final Dropout dropout;
        private final UnaryOperator<Tensor> activation;
        private final boolean normsFirst;

        Layer(BartConfig c, BartConfig.Side side, Heads heads) {
            attention = child("self_attn", new MultiHead(c, heads));
            attentionNorm = child("self_attn_layer_norm", norm(c));
            attentionDropout = child("attention_dropout", new Dropout(c.dropout()));
            in = child("fc1", new Linear(c.hiddenSize(), side.innerSize(), c.initializerRange()));
            out = child("fc2", new Linear(side.innerSize(), c.hiddenSize(), c.initializerRange()));
            norm = child("final_layer_norm", norm(c));
            innerDropout = child("activation_dropout", new Dropout(c.activationDropout()));
            dropout = child("dropout", new Dropout(c.dropout()));
            activation = c.activation();
            normsFirst = c.normsFirst();
        }

        final Tensor attend(Tensor x, SequenceLayout layout) {
            return around(x, attentionNorm, attentionDropout, layout.keys(), h -> attention.forward(h, layout));
        }

        final Tensor feedForward(Tensor x, DropoutKeys keys) {
            return around(x, norm, dropout, keys, h -> {
                Tensor inner = activation.apply(in.forward(h, keys)); // (R, F)
                return out.forward(innerDropout.forward(inner, keys), keys);
            });
        }

        /** A sublayer between what it adds to and its norm. */
        final Tensor around(
                Tensor x, LayerNorm norm, Dropout dropout, DropoutKeys keys, UnaryOperator<Tensor> sublayer) {
            return normsFirst
                    ? dropout.addTo(x, sublayer.apply(norm.forward(x)), keys)
                    : norm.forward(dropout.addTo(x, sublayer.apply(x), keys)); // (R, C)
        }
    }

    /** HF: {@code model.encoder.layers.{i}}. */
    static final class EncoderLayer extends Layer {
        EncoderLayer(BartConfig c) {
            super(c, c.encoder(), Heads.bidirectional(c.encoder().heads(), c.headSize(c.encoder())));
        }

        Tensor forward(Tensor x, SequenceLayout layout) {
            return feedForward(attend(x, layout), layout.keys()); // (R, C)
        }
    }

    /** HF: {@code model.decoder.layers.{i}}. */
    static final class DecoderLayer extends Layer {
        private final MultiHead cross;
        private final LayerNorm crossNorm;
        private final Dropout crossDropout;

        DecoderLayer(BartConfig c) {
            super(c, c.decoder(), Heads.causal(c.decoder().heads(), c.headSize(c.decoder())));
            Heads all = Heads.bidirectional(c.decoder().heads(), c.headSize(c.decoder()));
            cross = child("encoder_attn", new MultiHead(c, all));
            crossNorm = child("encoder_attn_layer_norm", norm(c));
            crossDropout = child("cross_dropout", new Dropout(c.dropout()));
        }

        Tensor forward(Tensor x, SequenceLayout layout, Tensor encoded, CrossLayout across) {
            DropoutKeys keys = layout.keys();
            Tensor seen = attend(x, layout);
            Tensor read = around(seen, crossNorm, crossDropout, keys, h -> cross.forward(h, layout, encoded, across));
            return feedForward(read, keys); // (R, C)
        }
    }

    /** HF: {@code self_attn}, {@code encoder_attn}. */
    static final class MultiHead extends NeuralModule {
        private final Linear key;
        private final Linear value;
        private final Linear query;
        private final Linear output;
        private final Dropout dropout;
        private final Heads heads;

        MultiHead(BartConfig c, Heads heads) {
            this.heads = heads;
            key = child("k_proj", square(c));
            value = child("v_proj", square(c));
            query = child("q_proj", square(c));
            output = child("out_proj", square(c));
            dropout = child("dropout", new Dropout(c.attentionDropout()));
        }

        private static Linear square(BartConfig c) {
            return new Linear(c.hiddenSize(), c.hiddenSize(), c.initializerRange());
        }

        /** Within each text. */
        Tensor forward(Tensor hidden, SequenceLayout layout) {
            Tensor x = once(hidden);
            DropoutKeys keys = layout.keys();
            Tensor seen = Attention.forward(
                    query.forward(x, keys), key.forward(x, keys), value.forward(x, keys), layout, heads, dropout);
            return output.forward(seen, keys); // (R, C)
        }

        /** To what was encoded. */
        Tensor forward(Tensor x, SequenceLayout layout, Tensor encoded, CrossLayout across) {
            DropoutKeys keys = layout.keys();
            Tensor seen = Attention.cross(
                    query.forward(x, keys),
                    () -> key.forward(once(encoded), across.keys()),
                    () -> value.forward(once(encoded), across.keys()),
                    across,
                    heads,
                    dropout);
            return output.forward(seen, keys); // (R, C)
        }

        /** What several products read. */
        private Tensor once(Tensor x) {
            return training() ? x : Autocast.once(x);
        }
    }

    private static LayerNorm norm(BartConfig c) {
        return new LayerNorm(c.hiddenSize(), LAYER_NORM_EPS);
    }
}
