package dev.attune.model;

import dev.attune.nn.Embedding;
import dev.attune.tensor.Tensor;
import java.util.Map;
import java.util.function.Supplier;

/** A model of a family: its backbone, alone or below a head. */
abstract class BackboneModel<B extends Backbone> extends PretrainedModel implements LayeredModel {
    final B backbone;
    private final String base;
    private final boolean bare;

    /**
     * @param base the backbone's name in models with a head, without a dot
     * @param bare whether there is no head: names begin below the backbone then
     */
    BackboneModel(ModelConfig config, String base, B backbone, boolean bare) {
        super(config);
        this.base = base + ".";
        this.bare = bare;
        this.backbone = bare ? root(backbone) : child(base, backbone);
    }

    @Override
    protected final boolean isInBackbone(String name) {
        return bare || name.startsWith(base);
    }

    @Override
    public Map<String, String> tiedNames() {
        return backbone.tied(bare ? "" : base);
    }

    @Override
    public final String basePrefix() {
        return base;
    }

    @Override
    protected final String otherBasePrefix() {
        return backbone.name() + ".";
    }

    @Override
    public final LayerStack stack() {
        return backbone.stack(bare ? "" : base);
    }

    @Override
    public final Embedding inputEmbeddings() {
        return backbone.words();
    }

    @Override
    public final int layers() {
        return backbone.layerCount();
    }

    @Override
    public final int width() {
        return backbone.width();
    }

    @Override
    public final Tensor lower(Tokens tokens, int layers) {
        return backbone.through(0, layers, backbone.embed(tokens), tokens.layout());
    }

    @Override
    public final <T> T above(LowerStates lower, Supplier<T> passes) {
        return backbone.above(lower, passes);
    }
}
