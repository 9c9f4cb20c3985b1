package dev.attune.task.text2text;

import dev.attune.generate.EncoderDecoderContinuation;
import dev.attune.generate.Generated;
import dev.attune.generate.GenerationArguments;
import dev.attune.generate.GenerationArgumentsBuilder;
import dev.attune.generate.GenerationConfig;
import dev.attune.generate.TokenListener;
import dev.attune.model.EncoderDecoder;
import dev.attune.model.PretrainedModel;
import dev.attune.task.TextWriter;
import dev.attune.tensor.DType;
import dev.attune.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets an encoder-decoder write texts about others. */
final class Writing {
    private final Tokenizer tokenizer;
    private final TextWriter writer;

    /**
     * @param config of {@link #config}
     * @param precision type of the matrix products; null for what is in force already
     */
    Writing(PretrainedModel model, Tokenizer tokenizer, GenerationConfig config, @Nullable DType precision) {
        this.tokenizer = tokenizer;
        int words = model.config().integer("vocab_size", 0);
        int start = config.decoderStart();
        this.writer = new TextWriter(
                config,
                tokenizer.ofTargets(),
                read -> new EncoderDecoderContinuation((EncoderDecoder) model, words, read, start, precision));
    }

    /** As evaluations ask for it, in the precision that they run in. */
    static Writing of(PretrainedModel model, Tokenizer tokenizer, Text2TextSettings settings) {
        Integer most = settings.generationMaxLength();
        GenerationArguments asked = GenerationArgumentsBuilder.builder(GenerationArguments.NONE)
                .maxLength(most == null ? settings.maxTargetLength() : most)
                .numBeams(settings.generationNumBeams())
                .build();
        return new Writing(model, tokenizer, config(model, asked), null);
    }

    /** What the model's own files say, and what a caller asks for. */
    static GenerationConfig config(PretrainedModel model, GenerationArguments asked) {
        return GenerationConfig.of(model)
                .ofEncoderDecoder(model.config().maxLength(Integer.MAX_VALUE))
                .with(asked);
    }

    List<List<Generated>> write(List<int[]> read, TokenListener listener) {
        return writer.write(read, listener);
    }

    /** The text of what was written, without special tokens. */
    String text(int[] ids) {
        return tokenizer.ofTargets().decode(ids, true);
    }
}
