package dev.attune.task;

/**
 * The losses of the rows of one batch.
 *
 * @param sums the sum of the losses of each row
 * @param weights what to divide it by to get the mean: the number of labels of the row, or the sum of their weights
 */
public record RowLoss(double[] sums, double[] weights) {}
