package dev.attune.generate;

import dev.attune.config.Argument;
import dev.attune.config.ArgumentSchema;
import dev.attune.config.Contradictions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How texts come out of a model: the keys of Hugging Face's {@code GenerationConfig} that a user gives. Null, or a list without
 * entries, is "not given": then the model's own {@code generation_config.json} decides, and then Hugging Face's default.
 *
 * <pre>{@code
 * GenerationArguments.builder().maxNewTokens(64).numBeams(4).build()
 * }</pre>
 */
@RecordBuilder
public record GenerationArguments(
        @Argument(
                name = "generation_max_length",
                group = GROUP,
                range = "[1, inf)",
                example = "128",
                doc =
                        "Most tokens of a text, the prompt's among them where a model goes on with it. It is max_length of"
                                + " generation_config.json; max_new_tokens, where it is given, comes before it. Default: 20 new"
                                + " tokens.")
        @Nullable
        Integer maxLength,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "64",
                doc =
                        "Most tokens that come out for a prompt. The model's own context may leave fewer. Default: that of the model, else 20.")
        @Nullable
        Integer maxNewTokens,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "10",
                doc = "Fewest tokens of a text, the prompt's among them where a model goes on with it. Default: 0.")
        @Nullable
        Integer minLength,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "10",
                doc = "Fewest tokens that come out for a prompt. It comes before min_length. Default: 0.")
        @Nullable
        Integer minNewTokens,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "4",
                doc =
                        "How many beginnings of a text are followed at a time. 1 takes one token after the other; more find likelier texts and take as much more time. Default: 1.")
        @Nullable
        Integer numBeams,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Draw tokens by their probability instead of taking the likeliest. Default: false.")
        @Nullable
        Boolean doSample,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "0.7",
                doc =
                        "What scores are divided by before tokens are drawn. Below 1 the likely comes more often, above 1 less so; for the likeliest token alone leave do_sample out. Default: 1.")
        @Nullable
        Double temperature,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "50",
                doc = "Draw from the likeliest tokens only, so many; 0 draws from all. Default: 50.")
        @Nullable
        Integer topK,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.9",
                doc = "Draw from the likeliest tokens that have this probability together. Default: 1, all.")
        @Nullable
        Double topP,

        @Argument(
                group = GROUP,
                range = "[0, 1]",
                example = "0.05",
                doc = "Draw only tokens that have this share of the likeliest one's probability. Default: 0.")
        @Nullable
        Double minP,

        @Argument(
                group = GROUP,
                range = "(0, 1]",
                example = "0.4",
                doc = "Draw from the likeliest tokens that hold this share of the entropy. Default: none.")
        @Nullable
        Double topH,

        @Argument(
                group = GROUP,
                range = "(0, 1]",
                example = "0.95",
                doc =
                        "Draw from the tokens about as surprising as expected, of this probability together. Default: 1, all.")
        @Nullable
        Double typicalP,

        @Argument(
                group = GROUP,
                range = "[0, 1)",
                example = "0.0003",
                doc = "Draw no token that is less probable than this. Default: 0.")
        @Nullable
        Double epsilonCutoff,

        @Argument(
                group = GROUP,
                range = "[0, 1)",
                example = "0.0003",
                doc =
                        "Draw no token below this probability, or below a lower one where the model is unsure. Default: 0.")
        @Nullable
        Double etaCutoff,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "1.2",
                doc = "Above 1, tokens that were there become less likely; below 1, likelier. Default: 1.")
        @Nullable
        Double repetitionPenalty,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "1.2",
                doc = "Above 1, tokens of the input become likelier; below 1, less likely. Default: 1.")
        @Nullable
        Double encoderRepetitionPenalty,

        @Argument(
                group = GROUP,
                example = "2.0",
                doc =
                        "Beams are compared by their score divided by their length to this power. Above 0 helps long texts, below 0 short ones. Default: 1.")
        @Nullable
        Double lengthPenalty,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "3",
                doc = "No so many tokens in a row come twice; 0 lets all repeat. Default: 0.")
        @Nullable
        Integer noRepeatNgramSize,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "3",
                doc = "No so many tokens in a row come as they stand in the input; 0 lets all. Default: 0.")
        @Nullable
        Integer encoderNoRepeatNgramSize,

        @Argument(
                group = GROUP,
                example = "foo, bar",
                doc =
                        "Texts that must not come out, as they are and after a space. Default: none beyond the model's bad_words_ids.")
        List<String> badWords,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Make probabilities of the scores again after all else was done to them. Default: false.")
        @Nullable
        Boolean renormalizeLogits,

        @Argument(
                group = GROUP,
                range = "[0, inf)",
                example = "250004",
                doc =
                        "The token that comes first from an encoder-decoder, as the target language of mBART. Default: none.")
        @Nullable
        Integer forcedBosTokenId,

        @Argument(
                group = GROUP,
                example = "2",
                doc = "The token, or one of several, that stands in the last place the maximum leaves. Default: none.")
        List<String> forcedEosTokenId,

        @Argument(
                group = GROUP,
                example = "true",
                doc = "Take scores that are no finite numbers for zero or the largest there are. Default: false.")
        @Nullable
        Boolean removeInvalidValues,

        @Argument(
                group = GROUP,
                open = true,
                example = "20, 1.05",
                doc =
                        "After so many new tokens the end becomes likelier by the factor with each. Two numbers, start and factor. Default: none.")
        @Nullable
        String exponentialDecayLengthPenalty,

        @Argument(group = GROUP, example = "12, 13", doc = "Tokens, by number, that never come out. Default: none.")
        List<String> suppressTokens,

        @Argument(group = GROUP, example = "220", doc = "Tokens, by number, that do not come first. Default: none.")
        List<String> beginSuppressTokens,

        @Argument(
                group = GROUP,
                alone = "true",
                example = "true",
                doc =
                        "When beam search ends. true: as soon as there are num_beams texts; false: when better ones are unlikely; never: when there can be none. Default: false.")
        @Nullable
        EarlyStopping earlyStopping,

        @Argument(
                group = GROUP,
                range = "[1, inf)",
                example = "3",
                doc = "How many texts come out for a prompt: the best of the beams, or so many draws. Default: 1.")
        @Nullable
        Integer numReturnSequences,

        @Argument(
                group = GROUP,
                whiteSpace = true,
                example = "\\n",
                doc = "Texts that end a text when they come out; \\n stands for a new line. Default: none.")
        List<String> stopStrings,

        @Argument(
                group = GROUP,
                range = "(0, inf)",
                example = "30",
                doc = "Seconds after which the texts of one batch end, where they are. Default: none.")
        @Nullable
        Double maxTime,

        @Argument(
                group = GROUP,
                example = "42",
                doc =
                        "Where the draws of do_sample start: the same seed draws the same. They are not those of PyTorch. Default: 42.")
        @Nullable
        Long generationSeed) {

    private static final String GROUP = "Generation";

    static final ArgumentSchema SCHEMA = ArgumentSchema.of(GenerationArguments.class);

    private static final Pattern DECAY = Pattern.compile("(\\d{1,9})\\s*,\\s*(\\d{1,9}(?:\\.\\d{1,18})?)");

    /** Nothing is given. */
    public static final GenerationArguments NONE = builder().build();

    /** @throws dev.attune.config.ContradictionException if values are out of range or contradict each other */
    public GenerationArguments {
        badWords = List.copyOf(badWords);
        forcedEosTokenId = List.copyOf(forcedEosTokenId);
        suppressTokens = List.copyOf(suppressTokens);
        beginSuppressTokens = List.copyOf(beginSuppressTokens);
        stopStrings = List.copyOf(stopStrings);
        Contradictions wrong = Contradictions.ofRanges(SCHEMA)
                .next(
                        maxLength,
                        maxNewTokens,
                        minLength,
                        minNewTokens,
                        numBeams,
                        doSample,
                        temperature,
                        topK,
                        topP,
                        minP,
                        topH,
                        typicalP,
                        epsilonCutoff,
                        etaCutoff,
                        repetitionPenalty,
                        encoderRepetitionPenalty)
                .next(
                        lengthPenalty,
                        noRepeatNgramSize,
                        encoderNoRepeatNgramSize,
                        badWords,
                        renormalizeLogits,
                        forcedBosTokenId,
                        forcedEosTokenId,
                        removeInvalidValues,
                        exponentialDecayLengthPenalty,
                        suppressTokens,
                        beginSuppressTokens,
                        earlyStopping,
                        numReturnSequences,
                        stopStrings,
                        maxTime,
                        generationSeed);
        ids("forced_eos_token_id", forcedEosTokenId, wrong);
        ids("suppress_tokens", suppressTokens, wrong);
        ids("begin_suppress_tokens", beginSuppressTokens, wrong);
        decay(exponentialDecayLengthPenalty, wrong);
        lengths(minLength, "min_length", maxLength, "generation_max_length", wrong);
        lengths(minNewTokens, "min_new_tokens", maxNewTokens, "max_new_tokens", wrong);
        sequences(numReturnSequences, numBeams, doSample, wrong);
        String bos = forcedBosTokenId == null ? null : forcedBosTokenId.toString();
        suppressed("forced_bos_token_id", bos == null ? List.of() : List.of(bos), suppressTokens, wrong);
        suppressed("forced_eos_token_id", forcedEosTokenId, suppressTokens, wrong);
        wrong.throwIfAny();
    }

    /** A builder with no value given. */
    public static GenerationArgumentsBuilder builder() {
        return GenerationArgumentsBuilder.builder()
                .badWords(List.of())
                .forcedEosTokenId(List.of())
                .suppressTokens(List.of())
                .beginSuppressTokens(List.of())
                .stopStrings(List.of());
    }

    private static void ids(String key, List<String> ids, Contradictions wrong) {
        for (String id : ids) {
            if (id.matches("\\d{1,9}")) continue;
            wrong.add(key + " has \"" + id + "\", but numbers of tokens were expected, such as 12.", key);
        }
    }

    private static void decay(@Nullable String text, Contradictions wrong) {
        String key = "exponential_decay_length_penalty";
        if (text == null || DECAY.matcher(text).matches()) return;
        wrong.add(
                key + " is \"" + text + "\", but two numbers were expected: after how many tokens it begins, and a"
                        + " factor, such as 20, 1.05.",
                key);
    }

    private static void lengths(
            @Nullable Integer least, String leastKey, @Nullable Integer most, String mostKey, Contradictions wrong) {
        if (least == null || most == null || least <= most) return;
        wrong.add(
                leastKey + " is " + least + ", but " + mostKey + " is " + most
                        + ". Lower the first, or raise the second.",
                leastKey,
                mostKey);
    }

    /** What is not given may still come from a file: only what was said can contradict. */
    private static void sequences(
            @Nullable Integer sequences, @Nullable Integer beams, @Nullable Boolean sample, Contradictions wrong) {
        if (sequences == null || beams == null || sequences <= beams) return;
        if (beams > 1) {
            wrong.add(
                    "num_return_sequences is " + sequences + ", but num_beams is " + beams
                            + ": no more texts come out than there are beams. Raise num_beams.",
                    "num_return_sequences",
                    "num_beams");
        } else if (sample != null && !sample) {
            wrong.add(
                    "num_return_sequences is " + sequences + ", but num_beams is 1 and do_sample is false: there is"
                            + " one likeliest text. Raise num_beams, or give do_sample: true.",
                    "num_return_sequences",
                    "num_beams",
                    "do_sample");
        }
    }

    private static void suppressed(String key, List<String> forced, List<String> suppressed, Contradictions wrong) {
        if (forced.isEmpty() || !suppressed.containsAll(forced)) return;
        wrong.add(
                key + " is " + String.join(", ", forced)
                        + ", but suppress_tokens has it too: no token would be left. Delete it from one of them.",
                key,
                "suppress_tokens");
    }

    /** Tokens that stand in a list. */
    static int[] numbers(List<String> ids) {
        return ids.stream().mapToInt(Integer::parseInt).toArray();
    }

    /** What {@code exponential_decay_length_penalty} says. */
    @Nullable
    ExponentialDecay decay() {
        if (exponentialDecayLengthPenalty == null) return null;
        Matcher parts = DECAY.matcher(exponentialDecayLengthPenalty);
        if (!parts.matches()) throw new IllegalStateException(exponentialDecayLengthPenalty);
        return new ExponentialDecay(Integer.parseInt(parts.group(1)), Double.parseDouble(parts.group(2)));
    }
}
