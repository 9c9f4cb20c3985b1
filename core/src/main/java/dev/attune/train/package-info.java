/**
 * The loop that turns data into a model, and the words with which one asks for it.
 *
 * <p>{@link dev.attune.train.Job} carries out a whole recipe, on the data it names or on rows that the caller has; {@link
 * dev.attune.train.Trainer} is the loop inside, for those who prepare examples themselves.
 *
 * <p>Reading order for the configuration: {@link dev.attune.train.TrainingArguments} and {@link dev.attune.train.Recipe}
 * are annotated records, and the only place where a key, its default, its range and its meaning are written down. {@link
 * dev.attune.train.ArgumentSchema} turns them into YAML keys, flags, help, JSON schema and reference page. {@link
 * dev.attune.train.RecipeReader} merges a file with flags and reports every mistake in one go, each with its line.
 *
 * <p>A run speaks through {@link dev.attune.train.TrainingListener}; console and run folder only listen.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.train;
