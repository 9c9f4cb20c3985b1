package dev.attune.optim;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv 1711.05101), torch's formula.
 *
 * <p>The moments are saved under torch's names: {@code NAME.exp_avg}, {@code NAME.exp_avg_sq} and {@code NAME.step}, and
 * {@code NAME.rows} where they are of some rows of a table.
 */
public final class AdamW extends FusedAdam {
    public AdamW(ParameterGroups groups, double beta1, double beta2, double epsilon) {
        super("aten::_fused_adamw_", groups, beta1, beta2, epsilon);
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return true;
    }

    @Override
    double restDecay(ParameterGroup group, double learningRate) {
        return 1 - learningRate * group.weightDecay();
    }
}
