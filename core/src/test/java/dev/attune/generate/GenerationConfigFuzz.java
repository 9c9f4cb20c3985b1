package dev.attune.generate;

import dev.attune.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code generation_config.json}: everything that is read of it before a text comes out. */
public final class GenerationConfigFuzz implements FuzzTarget {
    @Override
    public String reader() {
        return "generation-config";
    }

    @Override
    public String file() {
        return GenerationConfig.FILE;
    }

    @Override
    public List<byte[]> seeds() {
        return List.of("""
                {"_from_model_config": true, "bos_token_id": 0, "decoder_start_token_id": 2, "early_stopping": true, "eos_token_id": 2,
                 "forced_bos_token_id": 0, "forced_eos_token_id": 2, "length_penalty": 2.0, "max_length": 142, "min_length": 56,
                 "no_repeat_ngram_size": 3, "num_beams": 4, "pad_token_id": 1, "transformers_version": "4.27.0"}
                """.getBytes(StandardCharsets.UTF_8), """
                {"do_sample": true, "eos_token_id": [5, 7], "temperature": 0.6, "top_p": 0.9, "top_k": 20, "min_p": null,
                 "repetition_penalty": 1.05, "stop_strings": ["a", "\\n"], "max_time": 2.5, "early_stopping": "never"}
                """.getBytes(StandardCharsets.UTF_8), """
                {"bad_words_ids": [[3], [4, 5]], "sequence_bias": [[[1, 2], -2.5], [[3], 1]], "suppress_tokens": [1, 2],
                 "begin_suppress_tokens": [6], "exponential_decay_length_penalty": [5, 1.25], "renormalize_logits": false}
                """.getBytes(
                        StandardCharsets.UTF_8));
    }

    @Override
    public List<String> words() {
        return List.of(
                "max_new_tokens",
                "min_new_tokens",
                "typical_p",
                "top_h",
                "epsilon_cutoff",
                "eta_cutoff",
                "num_return_sequences",
                "encoder_repetition_penalty",
                "encoder_no_repeat_ngram_size",
                "remove_invalid_values",
                "never",
                "1e999",
                "-1",
                "1.5",
                "true");
    }

    @Override
    public boolean json() {
        return true;
    }

    @Override
    public void read(Path file) throws IOException {
        GenerationFile read = GenerationFile.parse(Files.readAllBytes(file), file.toString());
        GenerationConfig config = GenerationConfig.of(read);
        GenerationConfig.of(read.onlyGeneration());
        try {
            for (GenerationConfig kind : List.of(config.ofDecoder(20), config.ofEncoderDecoder(Integer.MAX_VALUE))) {
                Lengths.maximum(kind, 0, 3);
                ScoreProcessors.of(kind, 50, List.of());
                if (kind.isEncoderDecoder()) kind.decoderStart();
            }
        } catch (dev.attune.error.ConfigException e) {
            // Speaks of the config and not of the file: the values are fine, only not for this model.
        }
    }
}
