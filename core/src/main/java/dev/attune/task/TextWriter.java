package dev.attune.task;

import dev.attune.generate.Continuation;
import dev.attune.generate.Generated;
import dev.attune.generate.GenerationConfig;
import dev.attune.generate.Generator;
import dev.attune.generate.TokenListener;
import dev.attune.generate.TokenTexts;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Lets a model write: from prompts to tokens, some prompts at a time. */
public final class TextWriter {
    /** Texts that are written at a time: more take more memory, and are hardly faster. */
    private static final int TOGETHER = 32;

    private static final int PROMPT_TOKENS = 8192;

    private final GenerationConfig config;
    private final Generator generator;
    private final Function<int[][], Continuation> model;

    /**
     * @param tokenizer of what is written
     * @param model the model behind some prompts; it is closed here
     */
    public TextWriter(GenerationConfig config, Tokenizer tokenizer, Function<int[][], Continuation> model) {
        this.config = config;
        this.generator = new Generator(config, texts(tokenizer));
        this.model = model;
    }

    /** A tokenizer for stop strings and bad words. */
    private static TokenTexts texts(Tokenizer tokenizer) {
        return new TokenTexts() {
            @Override
            public int[] encode(String text) {
                Encoding all = tokenizer.encode(text, null, Integer.MAX_VALUE);
                return IntStream.range(0, all.length())
                        .filter(i -> all.sequenceIds()[i] >= 0)
                        .map(i -> all.ids()[i])
                        .toArray();
            }

            @Override
            public String decode(int[] ids) {
                return tokenizer.decode(ids, false);
            }
        };
    }

    /**
     * What comes out for each prompt, in their order: one text, or several.
     *
     * @param prompts tokens of each
     */
    public List<List<Generated>> write(List<int[]> prompts, TokenListener listener) {
        List<List<Generated>> written = new ArrayList<>();
        while (written.size() < prompts.size()) {
            int from = written.size();
            int[][] some = prompts.subList(from, end(prompts, from)).toArray(int[][]::new);
            try (Continuation begun = model.apply(some)) {
                written.addAll(
                        generator.generate(begun, some, (prompt, token) -> listener.chosen(from + prompt, token)));
            }
        }
        return written;
    }

    private int end(List<int[]> prompts, int from) {
        int most = Math.max(1, TOGETHER / config.textsPerPrompt());
        long tokens = 0;
        int end = from;
        while (end < prompts.size() && end - from < most) {
            tokens += prompts.get(end).length;
            if (end > from && tokens > PROMPT_TOKENS) break;
            end++;
        }
        return end;
    }
}
