package dev.attune.generate;

import dev.attune.config.ContradictionException;
import dev.attune.config.Contradictions;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.model.PretrainedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that decides how texts come out of a model: its {@code generation_config.json}, what a user asked for, and Hugging Face's
 * defaults (those of transformers 5.18) for the rest.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.of(model)
 *         .ofDecoder(model.maxLength())
 *         .with(GenerationArguments.builder().maxNewTokens(64).build());
 * }</pre>
 *
 * <p>What was asked comes before the file, also where one key stands for another: a {@code max_length} that was asked for is not
 * overruled by a {@code max_new_tokens} of the file, as it is in the reference.
 */
public final class GenerationConfig {
    /** The file of a model folder. */
    public static final String FILE = "generation_config.json";

    private static final long DEFAULT_SEED = 42;

    private static final Map<String, List<String>> LENGTHS = Map.of(
            "generation_max_length", List.of("generation_max_length", "max_new_tokens"),
            "max_new_tokens", List.of("generation_max_length", "max_new_tokens"),
            "min_length", List.of("min_length", "min_new_tokens"),
            "min_new_tokens", List.of("min_length", "min_new_tokens"));

    /** Keys that change nothing where no token is drawn. */
    private static final List<String> OF_SAMPLING =
            List.of("temperature", "top_k", "top_p", "min_p", "top_h", "typical_p", "epsilon_cutoff", "eta_cutoff");

    private static final List<String> OF_BEAMS = List.of("length_penalty", "early_stopping");

    private final GenerationFile file;
    private final GenerationArguments arguments;
    private final SpecialTokens tokens;
    private final boolean encoderDecoder;
    private final int positions;

    private GenerationConfig(
            GenerationFile file,
            GenerationArguments arguments,
            SpecialTokens tokens,
            boolean encoderDecoder,
            int positions) {
        this.file = file;
        this.arguments = arguments;
        this.tokens = tokens;
        this.encoderDecoder = encoderDecoder;
        this.positions = positions;
    }

    /**
     * That of a model: its {@code generation_config.json}; where there is none, the keys of {@code config.json} that older versions of
     * the reference kept there. What is in neither is nobody's: a loaded model of the reference does not get the values of its config
     * class either, such as a BART's {@code forced_eos_token_id}.
     *
     * @throws CheckpointException if the file is malformed or a value is none of its key
     */
    public static GenerationConfig of(PretrainedModel model) {
        String own = model.generation();
        String config = model.config().source();
        if (own != null) {
            String source = Path.of(config).resolveSibling(FILE).toString();
            return of(GenerationFile.parse(own.getBytes(StandardCharsets.UTF_8), source));
        }
        byte[] old = model.config().toJson().getBytes(StandardCharsets.UTF_8);
        return of(GenerationFile.parse(old, config).onlyGeneration());
    }

    /** That of a model that no file describes: its tokens, and defaults. */
    public static GenerationConfig of(SpecialTokens tokens) {
        return of(GenerationFile.of(tokens));
    }

    static GenerationConfig of(GenerationFile file) {
        file.badWords();
        file.sequenceBias();
        GenerationConfig config = new GenerationConfig(file, file.arguments(), file.tokens(), false, Integer.MAX_VALUE);
        try {
            config.refuseIdle(Map.of());
        } catch (ContradictionException e) {
            throw new CheckpointException(file.source() + ": " + e.getMessage(), e);
        }
        return config;
    }

    /**
     * The same for a model that goes on with its prompt.
     *
     * @param positions most tokens that it takes; {@link Integer#MAX_VALUE} where there is no limit
     */
    public GenerationConfig ofDecoder(int positions) {
        return new GenerationConfig(file, arguments, tokens, false, positions);
    }

    /**
     * The same for a model that reads its prompt with an encoder.
     *
     * @param positions most tokens that its decoder takes
     */
    public GenerationConfig ofEncoderDecoder(int positions) {
        return new GenerationConfig(file, arguments, tokens, true, positions);
    }

    /**
     * The same, and what a user asked for.
     *
     * @throws ContradictionException if that contradicts itself or what is there
     */
    public GenerationConfig with(GenerationArguments asked) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(GenerationArguments.SCHEMA.components(arguments));
        Map<String, @Nullable Object> given = new LinkedHashMap<>(GenerationArguments.SCHEMA.components(asked));
        given.values().removeIf(value -> value == null || value.equals(List.of()));
        given.keySet().forEach(key -> LENGTHS.getOrDefault(key, List.of()).forEach(all::remove));
        all.putAll(given);
        // The file's minimum is no contradiction of what was asked: a text then ends at its maximum, as in the
        // reference.
        if (all.get("min_length") instanceof Integer least
                && all.get("generation_max_length") instanceof Integer most
                && !given.containsKey("min_length")) all.put("min_length", Math.min(least, most));
        if (all.get("min_new_tokens") instanceof Integer least
                && all.get("max_new_tokens") instanceof Integer most
                && !given.containsKey("min_new_tokens")) all.put("min_new_tokens", Math.min(least, most));
        GenerationArguments merged = GenerationArguments.SCHEMA.create(GenerationArguments.class, all);
        GenerationConfig config = new GenerationConfig(file, merged, tokens, encoderDecoder, positions);
        config.refuseIdle(given);
        return config;
    }

    /** What would have no effect is a misunderstanding. */
    private void refuseIdle(Map<String, @Nullable Object> given) {
        Contradictions wrong = new Contradictions();
        for (String key : OF_SAMPLING) {
            if (doSample() || !given.containsKey(key)) continue;
            wrong.add(
                    key + " is " + given.get(key) + ", but do_sample is false: no token is drawn. Give do_sample: true,"
                            + " or delete " + key + ".",
                    key,
                    "do_sample");
        }
        for (String key : OF_BEAMS) {
            if (numBeams() > 1 || !given.containsKey(key)) continue;
            wrong.add(
                    key + " is given, but num_beams is 1: there are no beams to compare. Raise num_beams, or delete "
                            + key + ".",
                    key,
                    "num_beams");
        }
        if (numReturnSequences() > 1 && numBeams() == 1 && !doSample()) {
            wrong.add(
                    "num_return_sequences is " + numReturnSequences() + ", but num_beams is 1 and do_sample is false:"
                            + " there is one likeliest text. Raise num_beams, or give do_sample: true.",
                    "num_return_sequences",
                    "num_beams",
                    "do_sample");
        }
        wrong.throwIfAny();
    }

    /** What was asked and what the file says, as far as either does. */
    public GenerationArguments arguments() {
        return arguments;
    }

    public SpecialTokens tokens() {
        return tokens;
    }

    /** Whether prompts are read by an encoder; else the text goes on with them. */
    public boolean isEncoderDecoder() {
        return encoderDecoder;
    }

    /**
     * What the decoder of an encoder-decoder starts with.
     *
     * @throws ConfigException if nothing names it
     */
    public int decoderStart() {
        return tokens.decoderStart()
                .orElseGet(() -> tokens.bos()
                        .orElseThrow(() -> new ConfigException(file.source()
                                + " names neither decoder_start_token_id nor bos_token_id: nothing tells what a text starts"
                                + " with. Add one of them.")));
    }

    int[] eos() {
        return tokens.eos().stream().mapToInt(id -> id).toArray();
    }

    int positions() {
        return positions;
    }

    /** How many texts are under way for a prompt at a time. */
    public int textsPerPrompt() {
        return Math.max(numBeams(), numReturnSequences());
    }

    int numBeams() {
        return or(arguments.numBeams(), 1);
    }

    boolean doSample() {
        return or(arguments.doSample(), false);
    }

    int numReturnSequences() {
        return or(arguments.numReturnSequences(), 1);
    }

    double lengthPenalty() {
        return or(arguments.lengthPenalty(), 1.0);
    }

    EarlyStopping earlyStopping() {
        return or(arguments.earlyStopping(), EarlyStopping.FALSE);
    }

    long seed() {
        return or(arguments.generationSeed(), DEFAULT_SEED);
    }

    List<List<Integer>> badWords() {
        return file.badWords();
    }

    Map<List<Integer>, Float> sequenceBias() {
        return file.sequenceBias();
    }

    static <T> T or(@Nullable T value, T orElse) {
        return value == null ? orElse : value;
    }
}
