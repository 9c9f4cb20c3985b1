package dev.attune.generate;

import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets texts come out of a model, token by token: the likeliest ones, drawn ones, or those of beam search, as a {@link
 * GenerationConfig} says. Not safe for use by several threads.
 *
 * <pre>{@code
 * Generator generator = new Generator(config, null);
 * try (Continuation model = …) {
 *     int[] ids = generator.generate(model, prompts, TokenListener.NONE).get(0).get(0).ids();
 * }
 * }</pre>
 */
public final class Generator {
    private final GenerationConfig config;
    private final @Nullable TokenTexts texts;
    /** Prompts of earlier calls: each has draws of its own. */
    private int promptsBefore;

    /** @param texts needed for {@code stop_strings} and {@code bad_words} only */
    public Generator(GenerationConfig config, @Nullable TokenTexts texts) {
        this.config = config;
        this.texts = texts;
    }

    /**
     * The texts for some prompts, {@code num_return_sequences} for each, the best first (drawn ones in any order). What is
     * finished leaves the batch at once.
     *
     * @param model in the middle of these prompts; it is not closed
     * @param prompts their tokens; of an encoder-decoder what the encoder read
     * @throws ConfigException if the maximum length leaves no room, a token is named that the model has not, or every token is
     *     banned
     * @throws dev.attune.error.DataException if a prompt fills the model's context
     */
    public List<List<Generated>> generate(Continuation model, int[][] prompts, TokenListener listener) {
        if (prompts.length == 0) return List.of();
        Stopping stopping = Stopping.of(config, texts);
        List<ScoreProcessor> processors = ScoreProcessors.of(config, model.vocabulary(), words());
        List<History> begun = new ArrayList<>();
        List<Draws> draws = new ArrayList<>();
        for (int i = 0; i < prompts.length; i++) {
            int[] start = config.isEncoderDecoder() ? new int[] {config.decoderStart()} : prompts[i];
            begun.add(new History(prompts[i], start, Lengths.maximum(config, i, start.length)));
            for (int s = 0; s < config.numReturnSequences(); s++)
                draws.add(new Draws(config.seed(), promptsBefore + i, s));
        }
        promptsBefore += prompts.length;
        if (config.numBeams() > 1)
            return new BeamSearch(config, processors, stopping).run(model, begun, draws, listener);
        return new TokenLoop(config, processors, stopping).run(model, begun, draws, listener);
    }

    private List<List<Integer>> words() {
        List<String> words = config.arguments().badWords();
        if (words.isEmpty()) return List.of();
        if (texts == null) throw new ConfigException("bad_words is given, but nothing tells the tokens of texts.");
        return ScoreProcessors.words(words, texts);
    }

    /** What to say where no score is larger than another. */
    static RuntimeException nothingToChoose(float[] scores, History history) {
        int place = history.length() - history.start() + 1;
        for (float score : scores) {
            if (Float.isNaN(score))
                return new CheckpointException(
                        "A score of new token " + place + " is not a number: the model's weights or"
                                + " its precision are at fault. Try dtype float32, or remove_invalid_values: true.");
        }
        return new ConfigException("Every token is banned as new token " + place
                + ". Loosen no_repeat_ngram_size, bad_words, suppress_tokens or what else bans tokens.");
    }
}
