package dev.attune.metric;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link Confusion} says about a classifier, by scikit-learn's definitions with {@code zero_division=0}: a
 * precision, recall or F1 whose denominator is zero counts as 0. Macro averages run over the labels that occur as truth
 * or as prediction, so a label absent from both neither helps nor hurts. Values follow the live counts of {@code
 * confusion}.
 *
 * <p>{@code compute()} gives {@code accuracy}, {@code f1_macro}, {@code f1_weighted}, {@code precision_macro},
 * {@code recall_macro}, {@code balanced_accuracy} (the mean recall of the labels that occur as truth) and {@code mcc} (Matthews correlation, Gorodkin's for more than two labels; 0 where undefined).
 *
 * @param confusion the counts; keep adding to it and compute again
 */
public record ClassificationMetrics(Confusion confusion) implements Metric {
    @Override
    public Map<String, Double> compute() {
        requireRows();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", accuracy());
        values.put("f1_macro", macro(this::f1));
        values.put("f1_weighted", weighted(this::f1));
        values.put("precision_macro", macro(this::precision));
        values.put("recall_macro", macro(this::recall));
        values.put("balanced_accuracy", balancedAccuracy());
        values.put("mcc", mcc());
        return values;
    }

    /** Share of rows predicted right. */
    public double accuracy() {
        requireRows();
        return (double) confusion.correct() / confusion.total();
    }

    /** Mean recall of the labels that rows have: what guessing always the same label gets is one over their number. */
    public double balancedAccuracy() {
        requireRows();
        double sum = 0;
        int real = 0;
        for (int c = 0; c < confusion.classes(); c++) {
            if (confusion.support(c) == 0) continue;
            sum += recall(c);
            real++;
        }
        return sum / real;
    }

    /** Of the rows predicted as {@code label}, the share that are; 0 if none was predicted. */
    public double precision(int label) {
        return ratio(confusion.count(label, label), confusion.predicted(label));
    }

    /** Of the rows that are {@code label}, the share found; 0 if there is none. */
    public double recall(int label) {
        return ratio(confusion.count(label, label), confusion.support(label));
    }

    /** Harmonic mean of precision and recall. For a binary task {@code f1(1)} is scikit-learn's default F1. */
    public double f1(int label) {
        return ratio(2 * confusion.count(label, label), confusion.support(label) + confusion.predicted(label));
    }

    /** Matthews correlation of truth and prediction, -1 to 1. */
    public double mcc() {
        requireRows();
        // Doubles, as in scikit-learn: squares of counts beyond 2^31 would not fit a long.
        double n = confusion.total();
        double truthTimesPredicted = 0, predictedSquared = 0, truthSquared = 0;
        for (int c = 0; c < confusion.classes(); c++) {
            double truth = confusion.support(c), predicted = confusion.predicted(c);
            truthTimesPredicted += truth * predicted;
            predictedSquared += predicted * predicted;
            truthSquared += truth * truth;
        }
        double spread = (n * n - predictedSquared) * (n * n - truthSquared);
        return spread == 0 ? 0 : (confusion.correct() * n - truthTimesPredicted) / Math.sqrt(spread);
    }

    public double macro(PerLabel value) {
        double sum = 0;
        int present = 0;
        for (int c = 0; c < confusion.classes(); c++) {
            if (!confusion.present(c)) continue;
            sum += value.of(c);
            present++;
        }
        return sum / present;
    }

    public double weighted(PerLabel value) {
        double sum = 0;
        for (int c = 0; c < confusion.classes(); c++) sum += value.of(c) * confusion.support(c);
        return sum / confusion.total();
    }

    public void requireRows() {
        Rows.require(confusion.total());
    }

    static double ratio(long numerator, long denominator) {
        return denominator == 0 ? 0 : (double) numerator / denominator;
    }

    /** A value of one label, such as its recall. */
    @FunctionalInterface
    public interface PerLabel {
        double of(int label);
    }
}
