package dev.attune.benchmarks;

import dev.attune.generate.Continuation;
import dev.attune.generate.DecoderContinuation;
import dev.attune.generate.EncoderDecoderContinuation;
import dev.attune.generate.Generated;
import dev.attune.generate.GenerationArguments;
import dev.attune.generate.GenerationConfig;
import dev.attune.generate.Generator;
import dev.attune.generate.SpecialTokens;
import dev.attune.generate.TokenListener;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.Head;
import dev.attune.model.LanguageModel;
import dev.attune.model.ModelConfig;
import dev.attune.model.Models;
import dev.attune.model.PretrainedModel;
import dev.attune.tensor.DType;
import dev.attune.tensor.Native;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What {@code hf_generate.py} does, by Attune: a step writes a text for each prompt of a batch. */
final class Writing {
    private final PretrainedModel model;
    private final boolean reads;
    private final int words;
    private final DType precision;
    private final int newTokens;
    private final int[][] prompts;
    private final GenerationConfig config;

    Writing(Map<String, String> options) {
        precision = options.containsKey("--bf16") ? DType.BFLOAT16 : DType.FLOAT32;
        Native.load(precision);
        Path folder = Path.of(options.get("--model"));
        ModelConfig shape = ModelConfig.read(folder);
        reads = shape.flag("is_encoder_decoder", shape.text("model_type", "").equals("t5"));
        words = shape.integer("vocab_size", 0);
        model = Models.load(folder, reads ? Head.SEQUENCE_TO_SEQUENCE : Head.CAUSAL_LM, config -> config)
                .model();
        model.train(false);
        model.castForPrediction(precision);
        newTokens = Integer.parseInt(options.getOrDefault("--new-tokens", "64"));
        int beams = Integer.parseInt(options.getOrDefault("--beams", "1"));
        prompts = prompts(Integer.parseInt(options.getOrDefault("--batch-size", "1")));
        GenerationConfig own = GenerationConfig.of(
                new SpecialTokens(OptionalInt.empty(), List.of(1), OptionalInt.of(0), OptionalInt.of(0)));
        config = (reads ? own.ofEncoderDecoder(1024) : own.ofDecoder(1024))
                .with(GenerationArguments.builder()
                        .maxNewTokens(newTokens)
                        .minNewTokens(newTokens)
                        .numBeams(beams)
                        .build());
    }

    private int[][] prompts(int batch) {
        return IntStream.range(0, batch)
                .mapToObj(i -> {
                    int length = batch == 1 ? 32 : 16 + 32 * i / (batch - 1);
                    return IntStream.range(0, length)
                            .map(t -> (int) (3 + (7919L * (i + 1) * (t + 1) + 31L * t) % (words - 10)))
                            .toArray();
                })
                .toArray(int[][]::new);
    }

    Inference.Pass run() {
        long start = System.nanoTime();
        List<List<Generated>> written;
        try (Continuation begun = reads
                ? new EncoderDecoderContinuation(
                        (EncoderDecoder) model, words, prompts, config.decoderStart(), precision)
                : new DecoderContinuation((LanguageModel) model, words, prompts, precision)) {
            written = new Generator(config, null).generate(begun, prompts, TokenListener.NONE);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Integer> tokens = written.stream()
                .flatMap(texts -> Arrays.stream(texts.get(0).ids()).boxed())
                .toList();
        return new Inference.Pass(seconds, prompts.length, (long) prompts.length * newTokens, tokens);
    }
}
