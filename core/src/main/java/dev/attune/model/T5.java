package dev.attune.model;

import dev.attune.nn.Attention;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Embedding;
import dev.attune.nn.Heads;
import dev.attune.nn.Linear;
import dev.attune.nn.ModuleList;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.RmsNorm;
import dev.attune.nn.ScoreBias;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * T5: Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer (Raffel et al. 2020, arXiv 1910.10683), its
 * version 1.1, of which FLAN-T5 is made, and mT5; as {@code T5Model} and its heads in Hugging Face transformers. Hidden states are
 * packed: {@code N} tokens, {@code C} hidden, {@code H} heads of size {@code D}, {@code F} inner.
 */
final class T5 {
    private static final String BASE = "transformer";

    static final Family FAMILY = new Family(
            Map.of(
                    Head.BACKBONE, T5::encoder,
                    Head.HIDDEN_STATES, T5::encoder,
                    Head.SEQUENCE_CLASSIFICATION, T5::forSequenceClassification,
                    Head.TOKEN_CLASSIFICATION, T5::forTokenClassification,
                    Head.QUESTION_ANSWERING, T5::forQuestionAnswering,
                    Head.SEQUENCE_TO_SEQUENCE, T5ForConditionalGeneration::new),
            config -> T5Config.of(config).bodyWeights(),
            T5Config::dropout,
            List.of("q", "v"));

    /** Heads, and a table that the first checkpoints had, but no model reads. */
    static final Pattern UNUSED = Pattern.compile("(lm_head|classification_head|classifier|qa_outputs)\\..*"
            + "|(.*\\.)?EncDecAttention\\.relative_attention_bias\\.weight");

    /** The same for a model that does not write. */
    private static final Pattern UNUSED_BY_READERS =
            Pattern.compile("(" + BASE + "\\.)?decoder\\..*|" + UNUSED.pattern());

    private T5() {}

    /** The encoder alone, as a checkpoint of {@code T5EncoderModel}. */
    static PretrainedModel encoder(ModelConfig config) {
        T5Config c = T5Config.of(config);
        return new BareModel<>(reading(config, c, "EncoderModel"), BASE, new EncoderBody(c), UNUSED_BY_READERS);
    }

    /**
     * One score of each label for each sequence, from what the decoder makes of its last token, {@code </s>}.
     *
     * @param config with {@code id2label} of the labels wanted
     */
    static PretrainedModel forSequenceClassification(ModelConfig config) {
        T5Config c = T5Config.of(config);
        ModelConfig own = config.ofArchitecture(c.name() + "ForSequenceClassification");
        int labels = config.labelCount();
        // All that config.json may have wrong comes before the first tensor, which nobody would free.
        return new LastEndClassifier<>(
                own, BASE, new Body(c), UNUSED, labels, c.end(), c.classifierDropout(), c.range(c.hiddenSize()));
    }

    /** One score of each label for each token, from the encoder. */
    static PretrainedModel forTokenClassification(ModelConfig config) {
        T5Config c = T5Config.of(config);
        ModelConfig own = reading(config, c, "ForTokenClassification");
        int labels = config.labelCount();
        return new TokenHead<>(
                own,
                BASE,
                new EncoderBody(c),
                UNUSED_BY_READERS,
                "classifier",
                labels,
                c.classifierDropout(),
                c.factor());
    }

    /** Two scores for each token, from the decoder: that an answer begins there, and that it ends there. */
    static PretrainedModel forQuestionAnswering(ModelConfig config) {
        T5Config c = T5Config.of(config);
        ModelConfig own = config.withoutLabels().ofArchitecture(c.name() + "ForQuestionAnswering");
        return new WrittenAgainScorer<>(
                own, BASE, EncoderDecoderModel.Names.AT_ROOT, new Body(c), UNUSED, c.range(c.hiddenSize()));
    }

    /** What the reference writes for a model that has no decoder. */
    private static ModelConfig reading(ModelConfig config, T5Config c, String architecture) {
        return config.ofArchitecture(c.name() + architecture)
                .with("is_encoder_decoder", false)
                .with("use_cache", false);
    }

    private static Embedding words(T5Config c) {
        return Embedding.ofWords(c.vocabSize(), c.hiddenSize(), -1, c.factor());
    }

    /** A table of words and a stack that reads. HF: {@code T5EncoderModel}. */
    static final class EncoderBody extends Backbone {
        private final Embedding words;
        private final Stack encoder;
        private final int width;

        EncoderBody(T5Config c) {
            width = c.hiddenSize();
            words = child(EncoderDecoderBody.SHARED, T5.words(c));
            encoder = child("encoder", Stack.encoder(c));
        }

        @Override
        String name() {
            return BASE;
        }

        @Override
        Tensor embed(Tokens tokens) {
            return encoder.entered(
                    words.forward(tokens.ids(), tokens.layout()),
                    tokens.layout().keys()); // (R, C)
        }

        @Override
        Tensor through(int from, int to, Tensor x, SequenceLayout layout) {
            return encoder.through(from, to, x, layout);
        }

        @Override
        Tensor forward(Tokens tokens) {
            SequenceLayout layout = tokens.layout();
            Tensor x = through(from(), layerCount(), entry(tokens), layout); // (R, C)
            return layout.withoutFiller(encoder.left(x, layout.keys()));
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
            return encoder.blocks.size();
        }

        @Override
        LayerStack stack(String prefix) {
            return new LayerStack(
                    List.of(prefix + EncoderDecoderBody.SHARED), encoder.blocks.names(prefix + "encoder.block"));
        }

        @Override
        Map<String, String> tied(String prefix) {
            return EncoderDecoderBody.tied(prefix, "encoder");
        }
    }

    /** A table of words, a stack that reads and one that writes. HF: {@code T5Model}. */
    static final class Body extends EncoderDecoderBody {
        private final Stack encoder;
        private final Stack decoder;

        Body(T5Config c) {
            super(T5.words(c), c.hiddenSize(), c.start());
            encoder = child("encoder", Stack.encoder(c));
            decoder = child("decoder", Stack.decoder(c));
        }

        @Override
        Tensor encode(Tokens read) {
            SequenceLayout layout = read.layout();
            Tensor x = encoder.entered(words().forward(read.ids(), layout), layout.keys()); // (R, C)
            return encoder.left(encoder.through(0, encoder.blocks.size(), x, layout), layout.keys());
        }

        @Override
        Tensor decode(Tokens written, Tensor encoded, CrossLayout across, @Nullable Tensor rows) {
            SequenceLayout layout = written.layout();
            Tensor x = decoder.entered(words().forward(written.ids()), layout.keys()); // (R, C)
            Tensor y = decoder.through(x, layout, encoded, across);
            return rows == null
                    ? decoder.left(y, layout.keys())
                    : decoder.left(y.rows(rows), layout.keys().rows(rows)); // (M, C)
        }

        @Override
        LayerStack stack(String prefix) {
            return new LayerStack(
                    List.of(prefix + SHARED),
                    above(
                            encoder.blocks.names(prefix + "encoder.block"),
                            decoder.blocks.names(prefix + "decoder.block")));
        }
    }

    /** HF: {@code encoder}, {@code decoder}. */
    static final class Stack extends NeuralModule {
        private final ModuleList<Block> blocks;
        private final RmsNorm norm;
        private final Dropout dropout;
        private final Dropout lastDropout;
        private final RelativeBuckets buckets;
        private final int heads;

        private Stack(T5Config c, int layers, boolean writes) {
            blocks = child("block", new ModuleList<>(layers, i -> new Block(c, i, writes)));
            norm = child("final_layer_norm", new RmsNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.dropout()));
            lastDropout = child("last_dropout", new Dropout(c.dropout()));
            buckets = new RelativeBuckets(c.buckets(), c.maxDistance(), !writes);
            heads = c.heads();
        }

        static Stack encoder(T5Config c) {
            return new Stack(c, c.layers(), false);
        }

        static Stack decoder(T5Config c) {
            return new Stack(c, c.decoderLayers(), true);
        }

        /** @param words (R, C) */
        Tensor entered(Tensor words, DropoutKeys keys) {
            return dropout.forward(words, keys);
        }

        /** Of an encoder. */
        Tensor through(int from, int to, Tensor x, SequenceLayout layout) {
            Supplier<ScoreBias> bias = bias(layout);
            return blocks.chain(from, to, x, (block, h) -> block.forward(h, layout, bias.get()));
        }

        /** Of a decoder. */
        Tensor through(Tensor x, SequenceLayout layout, Tensor encoded, CrossLayout across) {
            Supplier<ScoreBias> bias = bias(layout);
            return blocks.chain(
                    x, encoded, (block, h, read) -> block.forward(h, layout, bias.get(), read, across)); // (R, C)
        }

        Tensor left(Tensor x, DropoutKeys keys) {
            return lastDropout.forward(norm.forward(x), keys);
        }

        /** Distances, which all blocks look up in the table of the first one: made once, but for blocks that are computed again. */
        private Supplier<ScoreBias> bias(SequenceLayout layout) {
            if (recomputes() && Grad.isOn()) return () -> ScoreBias.of(layout, this::distances);
            ScoreBias shared = ScoreBias.of(layout, this::distances);
            return () -> shared;
        }

        /** (1, H, K, K), or (B, H, 1, K) for one token of each text. */
        private Tensor distances(int @Nullable [] queries, int keys) {
            int rows = queries == null ? keys : queries.length;
            long[] numbers = new long[rows * keys];
            for (int row = 0, i = 0; row < rows; row++) {
                int place = queries == null ? row : queries[row];
                for (int key = 0; key < keys; key++) numbers[i++] = buckets.of(key - place);
            }
            Tensor table = blocks.iterator()
                    .next()
                    .layer
                    .attend
                    .attention
                    .distances(numbers)
                    .view(rows, keys, heads);
            Tensor perHead = table.transpose(1, 2); // (rows, H, K)
            return queries == null
                    ? perHead.transpose(0, 1).reshape(1, heads, keys, keys)
                    : perHead.reshape(rows, heads, 1, keys);
        }
    }

    /** HF: {@code block.{i}}. */
    static final class Block extends NeuralModule {
        private final Sublayers layer;

        Block(T5Config c, int number, boolean writes) {
            layer = child("layer", new Sublayers(c, number, writes));
        }

        Tensor forward(Tensor x, SequenceLayout layout, ScoreBias bias) {
            return layer.feedForward.addTo(layer.attend.addTo(x, layout, bias), layout.keys()); // (R, C)
        }

        Tensor forward(Tensor x, SequenceLayout layout, ScoreBias bias, Tensor encoded, CrossLayout across) {
            Tensor seen = layer.attend.addTo(x, layout, bias);
            Tensor read = Objects.requireNonNull(layer.cross).addTo(seen, layout, encoded, across);
            return layer.feedForward.addTo(read, layout.keys()); // (R, C)
        }
    }

    /** HF: {@code block.{i}.layer}. */
    static final class Sublayers extends NeuralModule {
        private final SelfAttention attend;
        private final @Nullable CrossAttention cross;
        private final FeedForward feedForward;

        Sublayers(T5Config c, int number, boolean writes) {
            attend = child("0", new SelfAttention(c, writes, number == 0));
            cross = writes ? child("1", new CrossAttention(c)) : null;
            feedForward = child(writes ? "2" : "1", new FeedForward(c));
        }
    }

    /** HF: {@code block.{i}.layer.0}. */
    static final class SelfAttention extends NeuralModule {
        private final Projections attention;
        private final RmsNorm norm;
        private final Dropout dropout;
        private final Heads heads;

        SelfAttention(T5Config c, boolean causal, boolean biased) {
            attention = child("SelfAttention", new Projections(c, biased));
            norm = child("layer_norm", new RmsNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.dropout()));
            Heads all = causal ? Heads.causal(c.heads(), c.headSize()) : Heads.bidirectional(c.heads(), c.headSize());
            heads = all.withScale(1); // the weights begin small enough instead
        }

        Tensor addTo(Tensor residual, SequenceLayout layout, ScoreBias bias) {
            DropoutKeys keys = layout.keys();
            Tensor x = attention.input(norm.forward(residual));
            Tensor seen = Attention.forward(
                    attention.query.forward(x, keys), // (R, H·D)
                    attention.key.forward(x, keys),
                    attention.value.forward(x, keys),
                    layout,
                    heads,
                    bias,
                    attention.dropout);
            return dropout.addTo(residual, attention.output.forward(seen, keys), keys);
        }
    }

    /** HF: {@code block.{i}.layer.1} of a decoder. */
    static final class CrossAttention extends NeuralModule {
        private final Projections attention;
        private final RmsNorm norm;
        private final Dropout dropout;
        private final Heads heads;

        CrossAttention(T5Config c) {
            attention = child("EncDecAttention", new Projections(c, false));
            norm = child("layer_norm", new RmsNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.dropout()));
            heads = Heads.bidirectional(c.heads(), c.headSize()).withScale(1);
        }

        Tensor addTo(Tensor residual, SequenceLayout layout, Tensor encoded, CrossLayout across) {
            DropoutKeys keys = layout.keys();
            Tensor seen = Attention.cross(
                    attention.query.forward(norm.forward(residual), keys), // (R, H·D)
                    () -> attention.key.forward(attention.input(encoded), across.keys()),
                    () -> attention.value.forward(attention.input(encoded), across.keys()),
                    across,
                    heads,
                    attention.dropout);
            return dropout.addTo(residual, attention.output.forward(seen, keys), keys);
        }
    }

    /** HF: {@code SelfAttention}, {@code EncDecAttention}. */
    static final class Projections extends NeuralModule {
        private final Linear query;
        private final Linear key;
        private final Linear value;
        private final Linear output;
        private final @Nullable Embedding distances;
        private final Dropout dropout;

        Projections(T5Config c, boolean biased) {
            int size = c.hiddenSize();
            int inner = c.attentionSize();
            query = child("q", Linear.withoutBias(size, inner, c.range((double) size * c.headSize())));
            key = child("k", Linear.withoutBias(size, inner, c.range(size)));
            value = child("v", Linear.withoutBias(size, inner, c.range(size)));
            output = child("o", Linear.withoutBias(inner, size, c.range(inner)));
            distances = biased
                    ? child("relative_attention_bias", new Embedding(c.buckets(), c.heads(), -1, c.range(size)))
                    : null;
            dropout = child("dropout", new Dropout(c.dropout()));
        }

        /** What several products read. */
        Tensor input(Tensor x) {
            return training() ? x : Autocast.once(x);
        }

        /** What is added to the scores of tokens at these distances, of each head: (N, H). */
        Tensor distances(long[] buckets) {
            return Objects.requireNonNull(distances).forward(Tensor.ofLongs(buckets, buckets.length));
        }
    }

    /** HF: the last of {@code block.{i}.layer}. */
    static final class FeedForward extends NeuralModule {
        private final DenseReluDense dense;
        private final RmsNorm norm;
        private final Dropout dropout;

        FeedForward(T5Config c) {
            dense = child("DenseReluDense", new DenseReluDense(c));
            norm = child("layer_norm", new RmsNorm(c.hiddenSize(), c.layerNormEps()));
            dropout = child("dropout", new Dropout(c.dropout()));
        }

        Tensor addTo(Tensor residual, DropoutKeys keys) {
            return dropout.addTo(residual, dense.forward(norm.forward(residual), keys), keys); // (R, C)
        }
    }

    /** HF: {@code DenseReluDense}, whatever the activation is. */
    static final class DenseReluDense extends NeuralModule {
        private final Linear in;
        private final @Nullable Linear gated;
        private final Linear out;
        private final Dropout dropout;
        private final UnaryOperator<Tensor> activation;

        DenseReluDense(T5Config c) {
            int size = c.hiddenSize();
            int inner = c.innerSize();
            in = child(c.gated() ? "wi_0" : "wi", Linear.withoutBias(size, inner, c.range(size)));
            gated = c.gated() ? child("wi_1", Linear.withoutBias(size, inner, c.range(size))) : null;
            out = child("wo", Linear.withoutBias(inner, size, c.range(inner)));
            dropout = child("dropout", new Dropout(c.dropout()));
            activation = c.activation();
        }

        Tensor forward(Tensor hidden, DropoutKeys keys) {
            Tensor x = training() ? hidden : Autocast.once(hidden);
            Tensor inner = activation.apply(in.forward(x, keys)); // (R, F)
            if (gated != null) inner = inner.mul(gated.forward(x, keys));
            return out.forward(dropout.forward(inner, keys), keys); // (R, C)
        }
    }
}
