package dev.attune.optim;

import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Grad;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv 1711.05101), torch's formula. One native call updates
 * all parameters of a group and applies the clipping factor on the way: a single pass over parameters, gradients and both
 * moments.
 *
 * <p>Owns its moments; {@link #close()} frees them.
 */
public final class AdamW implements AutoCloseable {
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

    /** First and second moments and the step count of each parameter. */
    private static final class Group {
        final List<Parameter> parameters;
        final double weightDecay;
        final List<Tensor> averages = new ArrayList<>();
        final List<Tensor> squares = new ArrayList<>();
        final List<Tensor> steps = new ArrayList<>();

        Group(List<Parameter> parameters, double weightDecay) {
            this.parameters = parameters;
            this.weightDecay = weightDecay;
            for (Parameter parameter : parameters) {
                averages.add(
                        Tensor.zeros(DType.FLOAT32, parameter.value().shape()).keep());
                squares.add(
                        Tensor.zeros(DType.FLOAT32, parameter.value().shape()).keep());
                steps.add(Tensor.zeros(DType.FLOAT32).keep());
            }
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
        List<Tensor> values = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> averages = new ArrayList<>();
        List<Tensor> squares = new ArrayList<>();
        List<Tensor> steps = new ArrayList<>();
        for (int i = 0; i < group.parameters.size(); i++) {
            Tensor value = group.parameters.get(i).value();
            Tensor gradient = value.grad();
            if (gradient == null) continue;
            values.add(value);
            gradients.add(gradient);
            averages.add(group.averages.get(i));
            squares.add(group.squares.get(i));
            steps.add(group.steps.get(i));
        }
        if (values.isEmpty()) return;
        // The kernel counts the steps down in its formula but leaves counting to the caller.
        Dispatch.call("aten::_foreach_add_", "Scalar", steps, 1.0);
        Dispatch.call(
                "aten::_fused_adamw_",
                "",
                values,
                gradients,
                averages,
                squares,
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
    }

    @Override
    public void close() {
        for (Group group : groups) {
            group.averages.forEach(Tensor::close);
            group.squares.forEach(Tensor::close);
            group.steps.forEach(Tensor::close);
        }
    }
}
