package dev.attune.task.text2text;

import java.util.List;

/**
 * Where an encoder-decoder looked while it wrote: transformers' {@code cross_attentions}, the mean over the heads.
 *
 * @param read tokens of the text, its end included
 * @param written tokens that were written, the end included
 * @param layers of each layer of the decoder, for each token written: the share of its attention that went to each token read. The
 *     shares of a token add up to 1.
 */
public record CrossAttention(List<String> read, List<String> written, List<float[][]> layers) {
    public CrossAttention {
        read = List.copyOf(read);
        written = List.copyOf(written);
        layers = List.copyOf(layers);
    }
}
