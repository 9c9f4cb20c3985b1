package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Grad;
import dev.attune.tensor.OneThread;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer that remembers tensors of each parameter, and updates the parameters of a group together. Subclasses have the
 * formula; which rows of a table take part is up to {@link ParameterMemory}. The tensors are saved as {@code NAME.TENSOR},
 * with torch's names.
 */
abstract class RememberingOptimizer implements Optimizer {
    /** Numbers of a parameter that are updated in the time that waking another thread takes. */
    private static final long SMALL = 1 << 17;

    private final List<Remembered> groups = new ArrayList<>();

    RememberingOptimizer(ParameterGroups groups) {
        for (ParameterGroup group : groups.groups()) this.groups.add(new Remembered(group, new LinkedHashMap<>()));
    }

    /** A group, and what is remembered of those of its parameters that have had a gradient. */
    private record Remembered(ParameterGroup group, Map<String, ParameterMemory> memories) {
        void close() {
            memories.values().forEach(ParameterMemory::close);
            memories.clear();
        }
    }

    /** Names of the tensors remembered of a parameter, and their shapes. */
    abstract Map<String, long[]> tensors(long[] shape);

    /**
     * Whether a row without gradient and with nothing but zeros in memory stays where it is, apart from {@link #restDecay}.
     */
    abstract boolean restsWithoutGradient(ParameterGroup group);

    /** What takes part in a step. */
    ParameterMemory.Part part(ParameterGroup group, ParameterMemory memory, Tensor gradient) {
        return memory.part(gradient);
    }

    /** What a step multiplies rows with that take no part in it. */
    double restDecay(ParameterGroup group, double learningRate) {
        return 1;
    }

    /**
     * One step.
     *
     * @param parts at least one
     * @param learningRate of this group
     */
    abstract void update(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor);

    @Override
    public final void step(double learningRate, double gradientFactor) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                for (Remembered each : groups) step(each, learningRate * each.group.rateFactor(), gradientFactor);
            }
        });
    }

    private void step(Remembered remembered, double learningRate, double gradientFactor) {
        ParameterGroup group = remembered.group;
        Map<ParameterMemory, ParameterMemory.Part> parts = new LinkedHashMap<>();
        group.parameters().forEach((name, parameter) -> {
            Tensor gradient = parameter.value().grad();
            if (gradient == null) return;
            ParameterMemory memory = remembered.memories.computeIfAbsent(
                    name, n -> new ParameterMemory(parameter, tensors(parameter), isByRows(group, gradient)));
            parts.put(memory, part(group, memory, gradient));
        });
        if (parts.isEmpty()) return;
        List<ParameterMemory.Part> taking = List.copyOf(parts.values());
        // Fused kernels use the number of the step in their formula but leave counting to the caller.
        Dispatch.call("aten::_foreach_add_", "Scalar", each(taking, ParameterMemory.Part::steps), 1.0);
        update(group, taking, learningRate, gradientFactor);
        double decay = restDecay(group, learningRate);
        parts.forEach((memory, part) -> memory.putBack(part, decay));
    }

    private boolean isByRows(ParameterGroup group, Tensor gradient) {
        return gradient.isSparse() && restsWithoutGradient(group);
    }

    private Map<String, long[]> tensors(Parameter parameter) {
        return tensors(parameter.value().shape());
    }

    /**
     * Calls a fused kernel for small parameters and for large ones. It goes over one parameter after the other, and wakes all threads
     * for each of them, be it as small as a bias.
     */
    static void inSizes(List<ParameterMemory.Part> parts, Consumer<List<ParameterMemory.Part>> kernel) {
        Map<Boolean, List<ParameterMemory.Part>> small = parts.stream()
                .collect(Collectors.partitioningBy(part -> part.value().elements() <= SMALL));
        if (!small.get(true).isEmpty()) OneThread.run(() -> kernel.accept(small.get(true)));
        if (!small.get(false).isEmpty()) kernel.accept(small.get(false));
    }

    /** The scale that fused kernels divide gradients by, made for mixed precision; it clips for us. */
    static @Nullable Tensor scale(double gradientFactor) {
        return gradientFactor == 1 ? null : scalar(1 / gradientFactor);
    }

    static Tensor scalar(double value) {
        Tensor scalar = Tensor.zeros(DType.FLOAT32);
        scalar.fillInPlace(value);
        return scalar;
    }

    static List<Tensor> each(List<ParameterMemory.Part> parts, Function<ParameterMemory.Part, Tensor> field) {
        return parts.stream().map(field).toList();
    }

    @Override
    public final void save(StateDict state) {
        for (Remembered each : groups) each.memories.forEach((name, memory) -> memory.save(state.part(name)));
    }

    @Override
    public final void load(StateDict state) {
        Set<String> known = new HashSet<>();
        for (Remembered each : groups) {
            each.close();
            each.group.parameters().forEach((name, parameter) -> {
                StateDict saved = state.part(name);
                Set<String> names = ParameterMemory.names(tensors(parameter).keySet());
                names.forEach(tensor -> known.add(name + "." + tensor));
                if (names.stream().noneMatch(saved::hasTensor)) return;
                each.memories.put(name, new ParameterMemory(parameter, tensors(parameter), saved));
            });
        }
        state.requireTensors(known::contains);
    }

    @Override
    public final void close() {
        groups.forEach(Remembered::close);
    }
}
