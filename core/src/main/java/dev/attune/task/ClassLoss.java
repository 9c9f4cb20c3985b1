package dev.attune.task;

import dev.attune.tensor.Losses;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loss of a choice between classes, or of one question a class: cross entropy with a weight for each class, or the focal
 * loss, which makes little of what the model already knows: (1 - p)^γ times the cross entropy, with p the probability of the
 * right answer (Lin et al. 2017, arXiv:1708.02002, with the weights as their α).
 *
 * <p>A sum over a batch is to be divided by {@link #weight}: then it is torch's {@code cross_entropy(weight, label_smoothing)},
 * or {@code BCEWithLogitsLoss(pos_weight)}. With γ 0 the focal loss is these.
 */
public final class ClassLoss {
    /** Cross entropy, all classes alike. */
    public static final ClassLoss PLAIN = new ClassLoss(0);

    private final double @Nullable [] weights;
    private final float @Nullable [] values;
    private final double gamma;
    private final double labelSmoothing;

    /** All classes alike. */
    public ClassLoss(double labelSmoothing) {
        this(null, 0, labelSmoothing);
    }

    /**
     * @param weights of the classes; null for none. Where a row has several labels, how much a row that has one counts against
     *     one that has not
     * @param gamma γ of the focal loss, 0 for the cross entropy
     * @param labelSmoothing share of the target that is spread over all classes; 0 with the focal loss
     */
    public ClassLoss(double @Nullable [] weights, double gamma, double labelSmoothing) {
        if (gamma != 0 && labelSmoothing != 0) {
            throw new IllegalArgumentException("the focal loss has no label smoothing");
        }
        this.gamma = gamma;
        this.labelSmoothing = labelSmoothing;
        if (weights == null) {
            this.weights = null;
            this.values = null;
            return;
        }
        // Rounded once: what a sum is divided by is then made of the numbers that are in it.
        values = new float[weights.length];
        this.weights = new double[weights.length];
        for (int c = 0; c < weights.length; c++) this.weights[c] = values[c] = (float) weights[c];
    }

    /** The weight of a class; 0 for {@link Losses#IGNORED}. */
    public double weight(int label) {
        if (label == Losses.IGNORED) return 0;
        return weights == null ? 1 : weights[label];
    }

    /** What the sum over labels is divided by. */
    public double weight(int[] labels) {
        return Arrays.stream(labels).mapToDouble(this::weight).sum();
    }

    /**
     * Sum of the losses of logits (R, K) against classes.
     *
     * @param labels (R); rows with {@link Losses#IGNORED} add nothing
     */
    public Tensor sum(Tensor logits, int[] labels) {
        Tensor classes = Tensor.ofInts(labels);
        if (gamma != 0) return Losses.focalSum(logits, classes, tensor(), gamma);
        return Losses.crossEntropySum(logits, classes, tensor(), labelSmoothing);
    }

    /** Sum of the losses of logits (B, K) against targets of one shape: whether a row has a label (1) or not (0). */
    public Tensor binarySum(Tensor logits, Tensor targets) {
        if (gamma != 0) return Losses.binaryFocalSum(logits, targets, tensor(), gamma);
        return Losses.binaryCrossEntropySum(logits, targets, tensor());
    }

    private @Nullable Tensor tensor() {
        return values == null ? null : Tensor.ofFloats(values, values.length);
    }

    /** In double precision what {@link #sum} adds for the row of {@code count} logits from {@code at} on. */
    public double row(float[] logits, int at, int count, int label) {
        if (gamma != 0) {
            double loss = Scores.crossEntropy(logits, at, count, label, 0);
            return weight(label) * Math.pow(-Math.expm1(-loss), gamma) * loss;
        }
        if (weights == null) return Scores.crossEntropy(logits, at, count, label, labelSmoothing);
        double loss = (1 - labelSmoothing) * weights[label] * Scores.crossEntropy(logits, at, count, label, 0);
        if (labelSmoothing == 0) return loss;
        double spread = 0;
        for (int c = 0; c < count; c++) spread += weights[c] * Scores.crossEntropy(logits, at, count, c, 0);
        return loss + labelSmoothing / count * spread;
    }

    /** In double precision what {@link #binarySum} adds for one logit. */
    public double binaryRow(double logit, double target, int label) {
        double rest = Math.log1p(Math.exp(-Math.abs(logit)));
        if (weights == null && gamma == 0) return Math.max(logit, 0) - logit * target + rest;
        double with = Math.max(-logit, 0) + rest;
        double without = Math.max(logit, 0) + rest;
        double positive = weights == null ? 1 : weights[label];
        double loss = positive * target * with + (1 - target) * without;
        return gamma == 0 ? loss : loss * Math.pow(-Math.expm1(-(target * with + (1 - target) * without)), gamma);
    }

    /** The mean loss of labels for a model to which all {@code count} classes are equally likely. */
    public double chance(int[] labels, int count) {
        double even = Math.log(count) * (gamma == 0 ? 1 : Math.pow(1 - 1.0 / count, gamma));
        double sum = weight(labels);
        if (weights == null || labelSmoothing == 0 || sum == 0) return even;
        double mean = Arrays.stream(weights).average().orElse(1);
        long supervised =
                Arrays.stream(labels).filter(label -> label != Losses.IGNORED).count();
        return even * ((1 - labelSmoothing) + labelSmoothing * mean * supervised / sum);
    }

    /** The mean loss of targets (B, K) for a model to which each label is as likely as not. */
    public double binaryChance(float[] targets) {
        double even = Math.log(2) * Math.pow(0.5, gamma);
        if (weights == null || targets.length == 0) return even;
        double sum = 0;
        for (int i = 0; i < targets.length; i++) sum += targets[i] == 1 ? weights[i % weights.length] : 1;
        return even * sum / targets.length;
    }
}
