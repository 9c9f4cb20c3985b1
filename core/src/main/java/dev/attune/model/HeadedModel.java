package dev.attune.model;

import java.util.regex.Pattern;

/** A backbone below a head. */
abstract class HeadedModel<B extends Backbone> extends BackboneModel<B> {
    private final String head;
    private final Pattern unused;

    /**
     * @param base the backbone's name, without a dot
     * @param head the name of the part above it, without a dot
     * @param unused tensors of checkpoints that are nothing to tell where the model lacks them
     */
    HeadedModel(ModelConfig config, String base, B backbone, String head, Pattern unused) {
        super(config, base, backbone, false);
        this.head = head + ".";
        this.unused = unused;
    }

    @Override
    protected boolean isHead(String name) {
        return name.startsWith(head);
    }

    @Override
    protected boolean mayBeUnused(String name) {
        return unused.matcher(name).matches() && !isHead(name);
    }
}
