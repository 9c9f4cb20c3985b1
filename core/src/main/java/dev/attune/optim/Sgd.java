package dev.attune.optim;

import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Stochastic gradient descent, with momentum if wanted, torch's formula: weight decay is L2, the first gradient of a parameter
 * is its momentum, and the learning rate multiplies the momentum. One native call for all parameters of a group.
 */
public final class Sgd extends RememberingOptimizer {
    private final double momentum;
    private final double dampening;
    private final boolean nesterov;

    /**
     * @param momentum share of the momentum that stays; 0 for none
     * @param dampening share of the gradient that the momentum leaves out
     * @param nesterov whether to look ahead by one more step of the momentum (Sutskever et al. 2013)
     */
    public Sgd(ParameterGroups groups, double momentum, double dampening, boolean nesterov) {
        super(groups);
        this.momentum = momentum;
        this.dampening = dampening;
        this.nesterov = nesterov;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        return momentum == 0 ? Map.of() : Map.of("momentum_buffer", shape);
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return momentum != 0 && group.weightDecay() == 0;
    }

    /** Without momentum a row has nothing but its gradient. */
    @Override
    ParameterMemory.Part part(ParameterGroup group, ParameterMemory memory, Tensor gradient) {
        boolean isRows = momentum == 0 && group.weightDecay() == 0 && gradient.isSparse();
        return isRows ? memory.rowsOf(gradient) : memory.part(gradient);
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        if (momentum == 0 || dampening == 0) {
            // A momentum of zeros gives the same.
            inSizes(parts, some -> call(group, some, learningRate, gradientFactor, false));
            return;
        }
        List<ParameterMemory.Part> first =
                parts.stream().filter(part -> part.steps().item() == 1).toList();
        List<ParameterMemory.Part> later =
                parts.stream().filter(part -> part.steps().item() > 1).toList();
        inSizes(first, some -> call(group, some, learningRate, gradientFactor, true));
        inSizes(later, some -> call(group, some, learningRate, gradientFactor, false));
    }

    private void call(
            ParameterGroup group,
            List<ParameterMemory.Part> parts,
            double learningRate,
            double gradientFactor,
            boolean isFirst) {
        Dispatch.call(
                "aten::_fused_sgd_",
                "",
                each(parts, ParameterMemory.Part::value),
                each(parts, ParameterMemory.Part::gradient),
                momentum == 0 ? List.of() : each(parts, part -> part.memory().get(0)),
                group.weightDecay(),
                momentum,
                learningRate,
                dampening,
                nesterov,
                false,
                isFirst,
                scale(gradientFactor),
                null);
    }
}
