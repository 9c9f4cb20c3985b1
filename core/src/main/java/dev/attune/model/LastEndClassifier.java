package dev.attune.model;

import dev.attune.error.CheckpointException;
import dev.attune.nn.Dropout;
import dev.attune.nn.DropoutKeys;
import dev.attune.nn.Linear;
import dev.attune.nn.NeuralModule;
import dev.attune.tensor.Activations;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.regex.Pattern;

/** One score of each label for each sequence, from what the decoder makes of its last {@code eos_token_id}. */
final class LastEndClassifier<B extends EncoderDecoderBody> extends EncoderDecoderModel<B>
        implements SequenceClassifier {
    private static final String HEAD = "classification_head";

    private final ClassificationHead head;
    private final int end;

    /**
     * @param labels how many
     * @param end the id that each sequence ends with
     * @param rate of dropout in the head
     * @param initializerRange of the products of the head
     */
    LastEndClassifier(
            ModelConfig config,
            String base,
            B body,
            Pattern unused,
            int labels,
            int end,
            double rate,
            double initializerRange) {
        super(config, base, Names.BELOW_BASE, body, Pattern.compile(HEAD + "\\."), unused);
        this.end = end;
        head = child(HEAD, new ClassificationHead(body.width(), labels, rate, initializerRange));
    }

    @Override
    public Tensor forward(Tokens tokens) {
        Tensor last = lastEnds(tokens);
        Tensor x = body.writtenAgain(tokens, last); // (B, C)
        return head.forward(x, tokens.layout().keys().rows(last)).to(DType.FLOAT32); // (B, K)
    }

    /** Row of the last end in each sequence: (B). */
    private Tensor lastEnds(Tokens tokens) {
        long[] ids = tokens.ids().toLongs();
        long[] first = tokens.layout().firstTokens().toLongs();
        long[] rows = tokens.layout().lastTokens().toLongs();
        for (int b = 0; b < rows.length; b++) {
            while (rows[b] >= first[b] && ids[(int) rows[b]] != end) rows[b]--;
            if (rows[b] < first[b]) throw endless();
        }
        return Tensor.ofLongs(rows, rows.length);
    }

    private CheckpointException endless() {
        return new CheckpointException(config().source() + ": eos_token_id is " + end
                + ", and the model classifies by the last such token of a text, but there is a text that has none. Take the"
                + " tokenizer that the model was trained with.");
    }

    @Override
    public void problemType(String type) {
        config(config().with("problem_type", type));
    }

    /** HF: {@code classification_head}. */
    private static final class ClassificationHead extends NeuralModule {
        private final Linear dense;
        private final Dropout before;
        private final Dropout between;
        private final Linear output;

        ClassificationHead(int size, int labels, double rate, double initializerRange) {
            dense = child("dense", new Linear(size, size, initializerRange));
            before = child("dropout", new Dropout(rate));
            between = child("inner_dropout", new Dropout(rate));
            output = child("out_proj", new Linear(size, labels, initializerRange));
        }

        Tensor forward(Tensor x, DropoutKeys keys) {
            Tensor inner = Activations.tanh(dense.forward(before.forward(x, keys), keys)); // (B, C)
            return output.forward(between.forward(inner, keys), keys); // (B, K)
        }
    }
}
