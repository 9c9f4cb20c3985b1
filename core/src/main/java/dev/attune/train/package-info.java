/**
 * The loop that turns examples into a trained model. {@link dev.attune.train.TrainingArguments} say how, {@link
 * dev.attune.train.Trainer} does it for any task, {@link dev.attune.train.RunFolder} is where a run is written down.
 *
 * <p>A run speaks through {@link dev.attune.train.TrainingListener}; console and run folder only listen.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.train;
