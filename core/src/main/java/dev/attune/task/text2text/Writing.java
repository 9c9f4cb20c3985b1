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

    private Writing(PretrainedModel model, Tokenizer tokenizer, GenerationConfig config, @Nullable DType precision) {
        this.tokenizer = tokenizer;
        int words = model.config().integer("vocab_size", 0);
        this.writer = new TextWriter(
                config,
                tokenizer.ofTargets(),
                read -> new EncoderDecoderContinuation((EncoderDecoder) model, words, read, precision));
    }

    /** As evaluations ask for it, in the precision that they run in. */
    static Writing of(PretrainedModel model, Tokenizer tokenizer, Text2TextSettings settings) {
        Integer most = settings.generationMaxLength();
        GenerationArguments asked = GenerationArgumentsBuilder.builder(GenerationArguments.NONE)
                .maxLength(most == null ? settings.maxTargetLength() : most)
                .numBeams(settings.generationNumBeams())
                .build();
        return new Writing(model, tokenizer, config(model).with(asked), null);
    }

    /** As a caller asks for it. */
    static Writing of(PretrainedModel model, Tokenizer tokenizer, GenerationArguments asked, DType precision) {
        return new Writing(model, tokenizer, config(model).with(asked), precision);
    }

    private static GenerationConfig config(PretrainedModel model) {
        return GenerationConfig.of(model).ofEncoderDecoder(model.config().maxLength(Integer.MAX_VALUE));
    }

    List<List<Generated>> write(List<int[]> read, TokenListener listener) {
        return writer.write(read, listener);
    }

    /** The text of what was written, without special tokens. */
    String text(int[] ids) {
        return tokenizer.ofTargets().decode(ids, true);
    }
}
