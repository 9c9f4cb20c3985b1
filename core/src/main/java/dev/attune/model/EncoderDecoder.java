package dev.attune.model;

import dev.attune.nn.CrossLayout;
import dev.attune.tensor.Tensor;

/** A model that reads one text and writes another: gives each word of its vocabulary a score for what comes next there. */
public interface EncoderDecoder {
    /** Hidden states (R, C) of what is read, filler included. */
    Tensor encode(Tokens read);

    /**
     * @param written what has been written of each text, {@link #decoderStart} first
     * @param encoded of {@link #encode}
     * @param across which of them each text sees
     * @param rows (M) the tokens wanted, as rows of {@code written}
     * @return logits (M, V), FLOAT32, of what comes after each
     */
    Tensor forward(Tokens written, Tensor encoded, CrossLayout across, Tensor rows);

    /** The id that each text begins with, and nobody reads. */
    int decoderStart();

    /** What the decoder reads to write a text: the text behind its start, without its last token. */
    default int[] shifted(int[] text) {
        int[] read = new int[text.length];
        System.arraycopy(text, 0, read, 1, text.length - 1);
        read[0] = decoderStart();
        return read;
    }
}
