package dev.attune.task;

import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.function.Consumer;

/** The text of tokens that come out one after the other, told as soon as it cannot change any more. */
public final class WrittenPieces {
    /** What a tokenizer puts where bytes are no character yet. */
    private static final char UNFINISHED = '\uFFFD';

    private final Tokenizer tokenizer;
    private final int prompt;
    private final Consumer<String> pieces;
    private int[] ids;
    private int told;

    /**
     * @param prompt what stands before; it is not told
     * @param pieces hears the text
     */
    public WrittenPieces(Tokenizer tokenizer, int[] prompt, Consumer<String> pieces) {
        this.tokenizer = tokenizer;
        this.prompt = tokenizer.decode(prompt, true).length();
        this.pieces = pieces;
        this.ids = prompt.clone();
    }

    /** One token more. */
    public void add(int token) {
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = token;
        String all = tokenizer.decode(ids, true);
        int end = all.length();
        if (end <= prompt + told || all.charAt(end - 1) == UNFINISHED) return;
        pieces.accept(all.substring(prompt + told));
        told = end - prompt;
    }

    /** The text of {@code ids} behind {@code prompt}, without special tokens. */
    public static String behind(Tokenizer tokenizer, int[] prompt, int[] ids) {
        int[] all = Arrays.copyOf(prompt, prompt.length + ids.length);
        System.arraycopy(ids, 0, all, prompt.length, ids.length);
        String text = tokenizer.decode(all, true);
        return text.substring(
                Math.min(text.length(), tokenizer.decode(prompt, true).length()));
    }
}
