package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RMSprop (Tieleman and Hinton 2012; centered: Graves 2013, arXiv 1308.0850): divides by the root of a moving average of
 * squared gradients. torch's formula, which adds epsilon after the root; weight decay is L2.
 */
public final class RmsProp extends BlockwiseOptimizer {
    /** 512 KiB. */
    private static final long MOMENT = 1 << 17;

    private final double alpha;
    private final double epsilon;
    private final double momentum;
    private final boolean centered;

    /**
     * @param alpha decay of the averages
     * @param momentum share of the last steps that stays; 0 for none
     * @param centered whether to divide by the standard deviation in place of the root of the mean square
     */
    public RmsProp(ParameterGroups groups, double alpha, double epsilon, double momentum, boolean centered) {
        super(groups);
        this.alpha = alpha;
        this.epsilon = epsilon;
        this.momentum = momentum;
        this.centered = centered;
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("square_avg", shape);
        if (centered) tensors.put("grad_avg", shape);
        if (momentum != 0) tensors.put("momentum_buffer", shape);
        return tensors;
    }

    @Override
    boolean isDecayCoupled() {
        return true;
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        if (centered || momentum != 0) super.update(group, parts, learningRate, gradientFactor);
        else asAdam(group, parts, learningRate, gradientFactor);
    }

    /**
     * Adam whose first moment is the gradient itself, at a step so late that the bias of the second is gone, is RMSprop; and for
     * Adam there is a fused kernel. Nobody reads that first moment: one small tensor, which stays in the cache, is that of all.
     */
    private void asAdam(
            ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Tensor moment = Tensor.zeros(DType.FLOAT32, MOMENT); // has to be finite: the kernel multiplies it by 0
        Tensor late = scalar(1e30);
        List<Tensor> values = new ArrayList<>();
        List<Tensor> gradients = new ArrayList<>();
        List<Tensor> moments = new ArrayList<>();
        List<Tensor> squares = new ArrayList<>();
        for (ParameterMemory.Part part : parts) {
            Flat flat = Flat.of(part);
            long elements = flat.value().elements();
            for (long start = 0; start < elements; start += MOMENT) {
                long length = Math.min(MOMENT, elements - start);
                values.add(flat.value().narrow(0, start, length));
                gradients.add(flat.gradient().narrow(0, start, length));
                moments.add(moment.narrow(0, 0, length));
                squares.add(flat.memory().get(0).narrow(0, start, length));
            }
        }
        Dispatch.call(
                "aten::_fused_adam_",
                "",
                values,
                gradients,
                moments,
                squares,
                List.of(),
                Collections.nCopies(values.size(), late),
                learningRate,
                0.0,
                alpha,
                group.weightDecay(),
                epsilon,
                false,
                false,
                scale(gradientFactor),
                null);
    }

    @Override
    void update(
            ParameterGroup group,
            Tensor value,
            Tensor gradient,
            List<Tensor> memory,
            Tensor free,
            double learningRate) {
        Tensor squares = memory.get(0);
        squares.mulInPlace(alpha);
        Dispatch.call("aten::addcmul_", "", squares, gradient, gradient, 1 - alpha);
        if (centered) {
            Tensor mean = memory.get(1);
            Dispatch.call("aten::lerp_", "Scalar", mean, gradient, 1 - alpha);
            Dispatch.call("aten::addcmul", "out", squares, mean, mean, -1.0, free);
            Dispatch.call("aten::sqrt_", "", free);
        } else {
            Dispatch.call("aten::sqrt", "out", squares, free);
        }
        Dispatch.call("aten::add_", "Scalar", free, epsilon, 1.0);
        if (momentum == 0) {
            Dispatch.call("aten::addcdiv_", "", value, gradient, free, -learningRate);
            return;
        }
        Tensor buffer = memory.get(memory.size() - 1);
        buffer.mulInPlace(momentum);
        Dispatch.call("aten::addcdiv_", "", buffer, gradient, free, 1.0);
        Dispatch.call("aten::add_", "Tensor", value, buffer, -learningRate);
    }
}
