package dev.attune.model;

import dev.attune.nn.CrossLayout;
import dev.attune.tensor.Tensor;

/** A model that reads one text and writes another: gives each word of its vocabulary a score for what comes next there. */
public interface EncoderDecoder {
    /** Hidden states (R, C) of what is read, filler included. */
    Tensor encode(Tokens read);

    /**
     * @param written what has been written of each text, behind what each begins with
     * @param encoded of {@link #encode}
     * @param across which of them each text sees
     * @param rows (M) the tokens wanted, as rows of {@code written}
     * @return logits (M, V), FLOAT32, of what comes after each
     */
    Tensor forward(Tokens written, Tensor encoded, CrossLayout across, Tensor rows);

    /** What the decoder reads to write a text: something that each begins with, and the text without its last token. */
    int[] shifted(int[] text);
}
