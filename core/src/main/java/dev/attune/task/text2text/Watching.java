package dev.attune.task.text2text;

import dev.attune.model.EncoderDecoder;
import dev.attune.model.Tokens;
import dev.attune.nn.CrossLayout;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Autocast;
import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Watches an encoder-decoder while it reads one text and writes another, which is known. */
final class Watching {
    private Watching() {}

    /**
     * The attention of each layer, the mean over its heads: for each token given to the decoder, the share of each token read.
     *
     * @param given what the text begins with, and the text without its last token
     */
    static List<float[][]> attention(EncoderDecoder model, int[] read, int[] given, DType precision) {
        List<float[][]> layers = new ArrayList<>();
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                SequenceLayout reading = new SequenceLayout(new int[] {read.length});
                SequenceLayout writing = new SequenceLayout(new int[] {given.length});
                CrossLayout across = CrossLayout.watched(writing, reading, shares -> layers.add(mean(shares)));
                Autocast.run(precision, () -> {
                    Tensor encoded = model.encode(Tokens.of(read, reading));
                    return model.forward(Tokens.of(given, writing), encoded, across, writing.lastTokens());
                });
            }
        });
        return layers;
    }

    /** (H, Q, K) to Q rows of K. */
    private static float[][] mean(Tensor shares) {
        int heads = (int) shares.size(0), queries = (int) shares.size(1), keys = (int) shares.size(2);
        float[] all = shares.toFloats();
        float[][] mean = new float[queries][keys];
        for (int at = 0; at < all.length; at++) mean[at / keys % queries][at % keys] += all[at] / heads;
        return mean;
    }
}
