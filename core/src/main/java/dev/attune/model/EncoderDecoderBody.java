package dev.attune.model;

import dev.attune.nn.CrossLayout;
import dev.attune.nn.Embedding;
import dev.attune.nn.NeuralModule;
import dev.attune.nn.SequenceLayout;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two stacks of layers on one table of words: the encoder reads a text, the decoder writes another one, sees what it has written
 * and what was read. What all such models of a family have below their heads.
 */
abstract class EncoderDecoderBody extends NeuralModule {
    /** In place of the id that a text begins with: each begins with its own last token. */
    static final int OWN_LAST_TOKEN = -1;

    static final String SHARED = "shared";

    private final Embedding words;
    private final int width;
    private final int start;

    /**
     * @param words of both stacks
     * @param width C
     * @param start the id that each text begins with, or {@link #OWN_LAST_TOKEN}
     */
    EncoderDecoderBody(Embedding words, int width, int start) {
        this.words = child(SHARED, words);
        this.width = width;
        this.start = start;
    }

    /** The table of the words, of both stacks. HF: {@code shared}. */
    final Embedding words() {
        return words;
    }

    /** C: numbers of a hidden state. */
    final int width() {
        return width;
    }

    /** Hidden states (R, C) of what is read, filler included. */
    abstract Tensor encode(Tokens read);

    /**
     * Hidden states of what is written.
     *
     * @param encoded of {@link #encode}
     * @param rows (M) the tokens wanted; null for all, filler included
     * @return (M, C)
     */
    abstract Tensor decode(Tokens written, Tensor encoded, CrossLayout across, @Nullable Tensor rows);

    /** @param prefix of the body's name */
    abstract LayerStack stack(String prefix);

    /** Both stacks have the table as their own, too. */
    static Map<String, String> tied(String prefix, String... stacks) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String stack : stacks) {
            names.put(prefix + stack + ".embed_tokens.weight", prefix + SHARED + ".weight");
        }
        return names;
    }

    /** All of both, those of the decoder above those of the encoder. */
    static List<String> above(List<String> encoder, List<String> decoder) {
        return Stream.concat(encoder.stream(), decoder.stream()).toList();
    }

    /**
     * Hidden states of a text that the decoder is given to write again: those of token i have seen all tokens in the encoder, and
     * in the decoder those before i.
     *
     * @param rows (M) the tokens wanted; null for all, filler included
     */
    final Tensor writtenAgain(Tokens tokens, @Nullable Tensor rows) {
        CrossLayout across = CrossLayout.of(tokens.layout(), tokens.layout());
        return decode(shifted(tokens), encode(tokens), across, rows);
    }

    /** A text a token later, as {@link #shifted(Tokens)} does it with all of a batch. */
    final int[] shifted(int[] text) {
        int[] read = new int[text.length];
        System.arraycopy(text, 0, read, 1, text.length - 1);
        read[0] = start == OWN_LAST_TOKEN ? text[text.length - 1] : start;
        return read;
    }

    /** Each text a token later: the start, then all its tokens but the last. */
    final Tokens shifted(Tokens tokens) {
        SequenceLayout layout = tokens.layout();
        long[] from = new long[layout.rows()];
        for (int row = 1; row < from.length; row++) from[row] = row - 1;
        long[] first = layout.firstTokens().toLongs();
        long[] last = layout.lastTokens().toLongs();
        boolean ownLast = start == OWN_LAST_TOKEN;
        for (int b = 0; b < first.length; b++) from[(int) first[b]] = ownLast ? last[b] : from.length;
        Tensor begin = Tensor.ofInts(new int[] {Math.max(0, start)});
        Tensor ids = Tensor.cat(0, List.of(tokens.ids(), begin)).rows(Tensor.ofLongs(from, from.length));
        return new Tokens(ids, tokens.typeIds(), layout);
    }
}
