/**
 * One file per task: which columns it reads, how a row becomes an example, which head the model gets, the loss, the metric
 * and the prediction. The trainer turns the wheel and knows only {@link dev.attune.task.TrainableTask}.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.task;
