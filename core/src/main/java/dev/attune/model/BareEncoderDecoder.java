package dev.attune.model;

import java.util.regex.Pattern;

/** A body alone: what its decoder makes of a text that it is given to write again, as {@code feature-extraction} reads it. */
final class BareEncoderDecoder<B extends EncoderDecoderBody> extends EncoderDecoderModel<B> implements EncoderModel {
    BareEncoderDecoder(ModelConfig config, String base, B body, Pattern unused) {
        super(config, base, Names.AT_ROOT, body, NO_HEAD, unused);
    }

    @Override
    public ModelOutput forward(Tokens tokens) {
        return new ModelOutput(tokens.layout().withoutFiller(body.writtenAgain(tokens, null)), null);
    }
}
