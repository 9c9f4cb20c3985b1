package dev.attune.optim;

/**
 * Adam (Kingma and Ba 2014, arXiv 1412.6980), torch's formula. Weight decay is L2: it is added to the gradient, and so divided
 * by its size like the rest of it. {@link AdamW} does without that.
 */
public final class Adam extends FusedAdam {
    public Adam(ParameterGroups groups, double beta1, double beta2, double epsilon) {
        super("aten::_fused_adam_", groups, beta1, beta2, epsilon);
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return group.weightDecay() == 0;
    }
}
