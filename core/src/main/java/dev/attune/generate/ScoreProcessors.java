package dev.attune.generate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All that a config says about scores, in the order of the reference. */
final class ScoreProcessors {
    private final GenerationConfig config;
    private final GenerationArguments arguments;
    private final int vocabulary;
    private final int[] eos;
    private final List<ScoreProcessor> list = new ArrayList<>();

    private ScoreProcessors(GenerationConfig config, int vocabulary) {
        this.config = config;
        this.arguments = config.arguments();
        this.vocabulary = vocabulary;
        this.eos = config.eos();
    }

    /**
     * @param words the tokens of texts that must not come out, beside those that the file names
     * @throws dev.attune.error.ConfigException if a token is named that the vocabulary has not
     */
    static List<ScoreProcessor> of(GenerationConfig config, int vocabulary, List<List<Integer>> words) {
        ScoreProcessors processors = new ScoreProcessors(config, vocabulary);
        processors.repetition(words);
        processors.length();
        processors.places();
        if (config.doSample()) processors.sampling(config.numBeams() > 1 ? Math.max(1, processors.eos.length) + 1 : 1);
        if (GenerationConfig.or(processors.arguments.renormalizeLogits(), false))
            processors.list.add(new Renormalize());
        return List.copyOf(processors.list);
    }

    private void repetition(List<List<Integer>> words) {
        Map<List<Integer>, Float> biases = config.sequenceBias();
        if (!biases.isEmpty()) list.add(new SequenceBias(biases).within(vocabulary, "sequence_bias"));
        double ofSource = number(arguments.encoderRepetitionPenalty(), 1);
        if (ofSource != 1) list.add(RepetitionPenalty.ofSource(ofSource));
        double repetition = number(arguments.repetitionPenalty(), 1);
        if (repetition != 1) list.add(RepetitionPenalty.of(repetition));
        int ngram = GenerationConfig.or(arguments.noRepeatNgramSize(), 0);
        if (ngram > 0) list.add(NoRepeatNgram.of(ngram));
        int sourceNgram = GenerationConfig.or(arguments.encoderNoRepeatNgramSize(), 0);
        if (sourceNgram > 0) list.add(NoRepeatNgram.ofSource(sourceNgram));
        Set<List<Integer>> banned = new LinkedHashSet<>(config.badWords());
        banned.addAll(words);
        if (!banned.isEmpty()) {
            list.add(SequenceBias.banning(List.copyOf(banned), config.tokens().eos())
                    .within(vocabulary, "bad_words_ids"));
        }
    }

    private void length() {
        if (eos.length == 0) return;
        int newTokens = GenerationConfig.or(arguments.minNewTokens(), 0);
        int length = GenerationConfig.or(arguments.minLength(), 0);
        // min_new_tokens is the same rule counted from elsewhere, and comes before min_length.
        if (newTokens > 0) list.add(MinimumLength.ofNewTokens(newTokens, eos));
        else if (length > 0) list.add(MinimumLength.of(length, eos));
    }

    private void places() {
        Integer bos = arguments.forcedBosTokenId();
        if (bos != null) list.add(ForcedTokens.second(bos).within(vocabulary, "forced_bos_token_id"));
        int[] last = GenerationArguments.numbers(arguments.forcedEosTokenId());
        if (last.length > 0) list.add(ForcedTokens.last(last).within(vocabulary, "forced_eos_token_id"));
        if (GenerationConfig.or(arguments.removeInvalidValues(), false)) list.add(new RemoveInvalidValues());
        ExponentialDecay decay = arguments.decay();
        if (decay != null) list.add(decay.processor(eos));
        int[] suppressed = GenerationArguments.numbers(arguments.suppressTokens());
        if (suppressed.length > 0) list.add(SuppressTokens.of(suppressed));
        int[] begin = GenerationArguments.numbers(arguments.beginSuppressTokens());
        if (begin.length > 0) list.add(SuppressTokens.atBegin(begin, bos != null));
    }

    /** @param keep beams need tokens to go on with, beside those that end a text */
    private void sampling(int keep) {
        double temperature = number(arguments.temperature(), 1);
        if (temperature != 1) list.add(new Temperature(temperature));
        if (arguments.topH() != null) list.add(new TopH(arguments.topH()));
        int k = GenerationConfig.or(arguments.topK(), 50);
        if (k > 0) list.add(new LikeliestTokens(Math.max(k, keep)));
        double p = number(arguments.topP(), 1);
        if (p < 1) list.add(new TopP(p, keep));
        if (arguments.minP() != null) list.add(new MinP(arguments.minP(), keep));
        double typical = number(arguments.typicalP(), 1);
        if (typical < 1) list.add(new TypicalP(typical, keep));
        double epsilon = number(arguments.epsilonCutoff(), 0);
        if (epsilon > 0) list.add(ProbabilityCutoff.epsilon(epsilon, keep));
        double eta = number(arguments.etaCutoff(), 0);
        if (eta > 0) list.add(ProbabilityCutoff.eta(eta, keep));
    }

    private static double number(@Nullable Double value, double orElse) {
        return value == null ? orElse : value;
    }

    /** The tokens of texts, as they are and after a space: most tokenizers have others for a word within a text. */
    static List<List<Integer>> words(List<String> texts, TokenTexts tokens) {
        Set<List<Integer>> words = new LinkedHashSet<>();
        for (String text : texts) {
            for (String form : List.of(text, " " + text)) {
                List<Integer> ids = IntStream.of(tokens.encode(form)).boxed().toList();
                if (!ids.isEmpty()) words.add(ids);
            }
        }
        return List.copyOf(words);
    }
}
