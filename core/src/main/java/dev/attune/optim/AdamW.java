package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv 1711.05101), torch's formula. One native call updates
 * all parameters of a group and applies the clipping factor on the way: a single pass over parameters, gradients and both
 * moments. Which rows of a table take part is up to {@link Moments}.
 *
 * <p>Owns its moments; {@link #close()} frees them. They are saved under torch's names: {@code NAME.exp_avg}, {@code
 * NAME.exp_avg_sq} and {@code NAME.step}, and {@code NAME.rows} where they are of some rows of a table.
 */
public final class AdamW implements Stateful, AutoCloseable {
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final List<Group> groups = new ArrayList<>();

    public AdamW(ParameterGroups parameters, double weightDecay, double beta1, double beta2, double epsilon) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        groups.add(new Group(parameters.decayed(), weightDecay));
        groups.add(new Group(parameters.free(), 0));
    }

    /** Parameters with the same decay, and the moments of those that have had a gradient. */
    private record Group(Map<String, Parameter> parameters, double weightDecay, Map<String, Moments> moments) {
        Group(Map<String, Parameter> parameters, double weightDecay) {
            this(parameters, weightDecay, new LinkedHashMap<>());
        }

        void close() {
            moments.values().forEach(Moments::close);
            moments.clear();
        }
    }

    /**
     * Updates every parameter that has a gradient.
     *
     * @param learningRate of this step
     * @param gradientFactor multiplies every gradient first: the clipping coefficient, 1 for none
     */
    public void step(double learningRate, double gradientFactor) {
        Grad.off(() -> {
            try (Scope scope = Scope.open()) {
                // The kernel divides by this scale, made for mixed precision; it clips for us.
                Tensor scale = gradientFactor == 1 ? null : Tensor.zeros(DType.FLOAT32);
                if (scale != null) scale.fillInPlace(1 / gradientFactor);
                for (Group group : groups) step(group, learningRate, scale);
            }
        });
    }

    private void step(Group group, double learningRate, @Nullable Tensor scale) {
        Map<Moments, Moments.Part> parts = new LinkedHashMap<>();
        group.parameters.forEach((name, parameter) -> {
            Tensor gradient = parameter.value().grad();
            if (gradient == null) return;
            Moments moments = group.moments.computeIfAbsent(name, n -> new Moments(parameter, gradient));
            parts.put(moments, moments.part(gradient));
        });
        if (parts.isEmpty()) return;
        List<Tensor> steps = each(parts, Moments.Part::steps);
        // The kernel counts the steps down in its formula but leaves counting to the caller.
        Dispatch.call("aten::_foreach_add_", "Scalar", steps, 1.0);
        Dispatch.call(
                "aten::_fused_adamw_",
                "",
                each(parts, Moments.Part::value),
                each(parts, Moments.Part::gradient),
                each(parts, Moments.Part::averages),
                each(parts, Moments.Part::squares),
                List.of(),
                steps,
                learningRate,
                beta1,
                beta2,
                group.weightDecay,
                epsilon,
                false,
                false,
                scale,
                null);
        double decay = 1 - learningRate * group.weightDecay;
        parts.forEach((moments, part) -> moments.putBack(part, decay));
    }

    private static List<Tensor> each(Map<Moments, Moments.Part> parts, Function<Moments.Part, Tensor> field) {
        return parts.values().stream().map(field).toList();
    }

    @Override
    public void save(StateDict state) {
        for (Group group : groups) group.moments.forEach((name, moments) -> moments.save(state.part(name)));
    }

    @Override
    public void load(StateDict state) {
        Set<String> known = new HashSet<>();
        for (Group group : groups) {
            group.close();
            group.parameters.forEach((name, parameter) -> {
                Moments.NAMES.forEach(part -> known.add(name + "." + part));
                StateDict saved = state.part(name);
                if (Moments.isIn(saved)) group.moments.put(name, new Moments(parameter, saved));
            });
        }
        state.requireTensors(known::contains);
    }

    @Override
    public void close() {
        groups.forEach(Group::close);
    }
}
