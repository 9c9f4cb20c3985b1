package dev.attune.nn;

import dev.attune.tensor.DType;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.SplitMix64;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of a model: named parameters and named children. Names are code: {@code child("query", new Linear(…))} in the
 * constructor yields exactly the Hugging Face key {@code …query.weight}.
 *
 * <p>A module owns its parameters; {@link #close()} frees them. It holds no native module, so its Java class is never lost.
 */
public abstract class NeuralModule implements AutoCloseable {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Parameter> buffers = new LinkedHashMap<>();
    private final Map<String, NeuralModule> children = new LinkedHashMap<>();
    private boolean training;
    private boolean recomputes;
    private @Nullable Consumer<Tensor> watcher;
    /** From the names on the way to this module. */
    private long site;

    /** Registers a part under its Hugging Face name and returns it. */
    protected final <M extends NeuralModule> M child(String name, M module) {
        if (children.put(name, module) != null) throw new IllegalArgumentException("Two children named " + name);
        ((NeuralModule) module).nest(name);
        return module;
    }

    /** The name of the part above this one is known only now: what is below is made first. */
    private void nest(String name) {
        if (name.isEmpty()) return;
        site = SplitMix64.mix(site ^ name.hashCode());
        children.values().forEach(child -> child.nest(name));
    }

    /** A number of this module's own among those of its model, the same in every run. */
    final long site() {
        return site;
    }

    /** Registers a part whose names stand at the top, without a name of its own: the backbone of a model without head. */
    protected final <M extends NeuralModule> M root(M module) {
        return child("", module);
    }

    /** Takes a part out again and frees it. */
    protected final void release(NeuralModule part) {
        children.values().remove(part);
        part.close();
    }

    /** Registers a trained tensor under its Hugging Face name. */
    protected final Parameter param(String name, Init init, long... shape) {
        Parameter parameter = new Parameter(shape, init, isNorm());
        if (parameters.put(name, parameter) != null) throw new IllegalArgumentException("Two parameters named " + name);
        return parameter;
    }

    /** Registers a tensor under its Hugging Face name that is stored with the weights, but never trained. */
    protected final Parameter buffer(String name, Init init, long... shape) {
        Parameter buffer = new Parameter(shape, init, isNorm());
        buffer.value().requiresGrad(false);
        if (buffers.put(name, buffer) != null) throw new IllegalArgumentException("Two buffers named " + name);
        return buffer;
    }

    /** Whether this is a normalisation layer, whose parameters are not decayed. */
    boolean isNorm() {
        return false;
    }

    /** All parameters of this node and below, by full name, in the order of the code. */
    public final Map<String, Parameter> parameters() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        visit("", module -> module.parameters, all::put);
        return all;
    }

    /** All tensors that are stored but not trained, as {@link #parameters}. */
    public final Map<String, Parameter> buffers() {
        Map<String, Parameter> all = new LinkedHashMap<>();
        visit("", module -> module.buffers, all::put);
        return all;
    }

    /** Number of trained values. */
    public final long parameterCount() {
        return parameters().values().stream()
                .mapToLong(p -> p.value().elements())
                .sum();
    }

    /** Number of values that get a gradient. */
    public final long trainableCount() {
        return parameters().values().stream()
                .filter(parameter -> parameter.value().requiresGrad())
                .mapToLong(parameter -> parameter.value().elements())
                .sum();
    }

    /** The linear layers of this node and below, by full name, in the order of the code. */
    public final Map<String, Linear> linears() {
        Map<String, Linear> found = new LinkedHashMap<>();
        findLinears("", found);
        return found;
    }

    private void findLinears(String path, Map<String, Linear> found) {
        if (this instanceof Linear linear) found.put(path, linear);
        children.forEach((name, child) ->
                child.findLinears(path.isEmpty() || name.isEmpty() ? path + name : path + "." + name, found));
    }

    /** The names of all parts, in the order of the code: {@code bert.encoder}, {@code bert.encoder.layer}, …. */
    public final Set<String> moduleNames() {
        Set<String> names = new LinkedHashSet<>();
        addNames("", names);
        return names;
    }

    private void addNames(String path, Set<String> names) {
        children.forEach((name, child) -> {
            String full = path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
            if (!full.isEmpty()) names.add(full);
            child.addNames(full, names);
        });
    }

    private void visit(
            String prefix, Function<NeuralModule, Map<String, Parameter>> kind, BiConsumer<String, Parameter> visitor) {
        kind.apply(this).forEach((name, parameter) -> visitor.accept(prefix + name, parameter));
        children.forEach((name, child) -> child.visit(name.isEmpty() ? prefix : prefix + name + ".", kind, visitor));
    }

    /** Switches dropout on or off, here and below. A new module does not train. */
    public final void train(boolean on) {
        training = on;
        children.values().forEach(child -> child.train(on));
    }

    /**
     * Turns a module into one that only predicts: the weights of its products are kept in {@code type}, the type that
     * autocast would convert them to for each pass, and in the order in which a product reads them. The numbers are the same. It
     * cannot be trained or saved afterwards.
     */
    public final void castForPrediction(DType type) {
        if (this instanceof Linear || this instanceof LowRank.Factor)
            parameters.values().forEach(parameter -> parameter.castForPrediction(type));
        if (this instanceof Linear linear && linear.isTurned()) linear.weight.turnForPrediction();
        if (isInProduct()) parameters.values().forEach(parameter -> parameter.copyForPrediction(type));
        children.values().forEach(child -> child.castForPrediction(type));
    }

    /** Whether this is a table that a product takes besides. */
    boolean isInProduct() {
        return false;
    }

    /**
     * Runs {@code body} with all weights in {@code type}, without gradients. Afterwards they are what they were before, to the
     * bit: the copies in {@code type} are made for each call, so they take no memory between two.
     */
    public final <T> T inType(DType type, Supplier<T> body) {
        if (type == DType.FLOAT32) return body.get();
        Map<Parameter, Tensor> before = new LinkedHashMap<>();
        try {
            for (Parameter parameter : parameters().values()) {
                Tensor trained = parameter.value();
                Tensor cast = Scope.run(() -> trained.detach().to(type)).keep();
                before.put(parameter, parameter.exchange(cast));
            }
            return body.get();
        } finally {
            before.forEach((parameter, trained) -> parameter.exchange(trained).close());
        }
    }

    /**
     * Keeps the weights of products that are not trained in {@code type} as well, as autocast would convert them for each pass:
     * two bytes more for each, and the same numbers. What is trained by now loses its copy. A frozen parameter that is given
     * other values has to lose it first, with {@link DType#FLOAT32}.
     */
    public final void keepFrozenCopies(DType type) {
        if (this instanceof Linear) parameters.values().forEach(parameter -> parameter.keepFrozenCopy(type));
        children.values().forEach(child -> child.keepFrozenCopies(type));
    }

    /**
     * Switches {@linkplain Grad#recomputed gradient checkpointing} on or off: layers then keep only their input for the
     * backward pass, and are computed twice. The numbers are the same.
     */
    public final void gradientCheckpointing(boolean on) {
        recomputes = on;
        children.values().forEach(child -> child.gradientCheckpointing(on));
    }

    /** Whether {@linkplain #gradientCheckpointing layers are computed again}. */
    protected final boolean recomputes() {
        return recomputes;
    }

    /**
     * Shows {@code watcher} what each table, product and norm of this model gives, under the name of its layer, in the order in
     * which they are computed; null ends that.
     */
    public final void watch(@Nullable BiConsumer<String, Tensor> watcher) {
        watch("", watcher);
    }

    private void watch(String path, @Nullable BiConsumer<String, Tensor> watcher) {
        this.watcher = watcher == null ? null : output -> watcher.accept(path, output);
        children.forEach((name, child) -> {
            String dot = path.isEmpty() || name.isEmpty() ? "" : ".";
            child.watch(path + dot + name, watcher);
        });
    }

    /** The output of a layer, shown to whoever watches. */
    final Tensor seen(Tensor output) {
        if (watcher != null) watcher.accept(output);
        return output;
    }

    public final boolean training() {
        return training;
    }

    @Override
    public void close() {
        children.values().forEach(NeuralModule::close);
        parameters.values().forEach(Parameter::close);
        buffers.values().forEach(Parameter::close);
    }
}
