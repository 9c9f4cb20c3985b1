package dev.attune.task;

import dev.attune.config.Contradictions;

/** The key {@code focal_loss_gamma} of several tasks; {@link ClassLoss} computes the loss. */
public final class FocalLoss {
    /** The key in recipes. */
    public static final String KEY = "focal_loss_gamma";

    /** What the key does. */
    public static final String DOC =
            "Gamma of the focal loss, which makes less of what the model already gets right. 0 is the usual loss. Each loss is"
                    + " multiplied by (1 - p)^gamma, with p the probability of the right answer; class_weights are its"
                    + " alpha. 2 is usual.";

    private FocalLoss() {}

    /** Adds that there is no focal loss with smoothed labels, if both are asked for. */
    public static void check(double gamma, TaskOptions options, Contradictions wrong) {
        if (gamma == 0 || options.labelSmoothing() == 0) return;
        wrong.add(
                KEY + " and label_smoothing_factor change the loss in opposite ways, and no focal loss is defined for"
                        + " smoothed labels. Delete one of them.",
                KEY,
                "label_smoothing_factor");
    }
}
