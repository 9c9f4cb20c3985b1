package dev.attune.model;

import dev.attune.nn.Embedding;
import java.util.Map;
import java.util.regex.Pattern;

/** A model of a family that reads one text and writes another: its body, alone or below a head. */
abstract class EncoderDecoderModel<B extends EncoderDecoderBody> extends PretrainedModel {
    static final Pattern NO_HEAD = Pattern.compile("(?!)");

    final B body;
    private final String base;
    private final String place;
    private final Pattern head;
    private final Pattern unused;

    /** Where the names of the body begin. */
    enum Names {
        /** Below the name that the family has for it. */
        BELOW_BASE,
        /** At the top: of a body alone, and of some models beside their head. */
        AT_ROOT
    }

    /**
     * @param base what the family calls the body, without a dot
     * @param head names of parameters of the head
     * @param unused tensors of checkpoints that are nothing to tell where the model lacks them
     */
    EncoderDecoderModel(ModelConfig config, String base, Names names, B body, Pattern head, Pattern unused) {
        super(config);
        this.base = base + ".";
        this.place = names == Names.AT_ROOT ? "" : this.base;
        this.body = names == Names.AT_ROOT ? root(body) : child(base, body);
        this.head = head;
        this.unused = unused;
    }

    @Override
    public final String basePrefix() {
        return base;
    }

    @Override
    protected final boolean isInBackbone(String name) {
        return !isHead(name);
    }

    @Override
    public final LayerStack stack() {
        return body.stack(place);
    }

    @Override
    public Map<String, String> tiedNames() {
        return EncoderDecoderBody.tied(place, "encoder", "decoder");
    }

    @Override
    public final Embedding inputEmbeddings() {
        return body.words();
    }

    @Override
    protected final boolean isHead(String name) {
        return head.matcher(name).lookingAt();
    }

    @Override
    protected final boolean mayBeUnused(String name) {
        return unused.matcher(name).matches() && !isHead(name);
    }

    /** The name of the body's table of words. */
    final String sharedTable() {
        return place + EncoderDecoderBody.SHARED + ".weight";
    }
}
