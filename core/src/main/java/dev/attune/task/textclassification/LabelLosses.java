package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.task.ClassLoss;
import dev.attune.task.RowLoss;

/** The loss of each row from its logits: what {@code Losses} sums, one row at a time and in double precision. */
final class LabelLosses {
    private LabelLosses() {}

    static RowLoss of(Labels labels, Batch batch, float[] logits, ClassLoss loss) {
        int rows = batch.size();
        int classes = logits.length / rows;
        double[] sums = new double[rows];
        double[] weights = new double[rows];
        for (int row = 0; row < rows; row++) {
            int at = row * classes;
            switch (labels.problem()) {
                case SINGLE_LABEL_CLASSIFICATION -> {
                    sums[row] = loss.row(logits, at, classes, batch.labels()[row]);
                    weights[row] = loss.weight(batch.labels()[row]);
                }
                case MULTI_LABEL_CLASSIFICATION -> {
                    for (int k = 0; k < classes; k++)
                        sums[row] += loss.binaryRow(logits[at + k], batch.targets()[at + k], k);
                    weights[row] = classes;
                }
                case REGRESSION -> {
                    for (int k = at; k < at + classes; k++) {
                        double error = (double) logits[k] - batch.targets()[k];
                        sums[row] += error * error;
                    }
                    weights[row] = classes;
                }
            }
        }
        return new RowLoss(sums, weights);
    }

    /** Of one label that holds (1) or not (0). */
    static double binary(double logit, double target) {
        return ClassLoss.PLAIN.binaryRow(logit, target, 0);
    }
}
