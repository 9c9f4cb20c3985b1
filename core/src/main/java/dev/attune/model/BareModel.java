package dev.attune.model;

import java.util.regex.Pattern;

/** A backbone alone. */
final class BareModel<B extends Backbone> extends BackboneModel<B> implements EncoderModel {
    private final Pattern unused;

    /**
     * @param base the backbone's name in models with a head, without a dot
     * @param unused tensors of checkpoints that are nothing to tell: heads, constants
     */
    BareModel(ModelConfig config, String base, B backbone, Pattern unused) {
        super(config, base, backbone, true);
        this.unused = unused;
    }

    @Override
    protected boolean isHead(String name) {
        return false;
    }

    @Override
    protected boolean mayBeUnused(String name) {
        return unused.matcher(name).matches();
    }

    @Override
    public ModelOutput forward(Tokens tokens) {
        return new ModelOutput(backbone.forward(tokens), null);
    }
}
