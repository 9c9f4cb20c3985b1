/**
 * The loop that turns examples into a trained model. {@link dev.attune.train.TrainingArguments} say how, {@link
 * dev.attune.train.Trainer} does it for any task, {@link dev.attune.train.RunFolder} is where a run is written down.
 *
 * <p>{@code TrainingState} says where a run stands, {@code Due} what comes next, {@code Update} makes a step. Whatever
 * remembers something between two steps is {@link dev.attune.checkpoint.Stateful}; {@code Saving} writes all of them down
 * beside the model, and {@link dev.attune.train.Checkpoints} knows which folders are whole. So a run that goes on ends with
 * the bits of one that was not interrupted. A new part with a memory is added to {@code Saving}, and to the runs of {@code
 * ResumeTest}.
 *
 * <p>{@code MicroBatches} cuts a batch where memory is short, {@code Culprits} and {@code FirstNonFinite} say where a step went
 * wrong.
 *
 * <p>A run speaks through {@link dev.attune.train.TrainingListener}; console and run folder only listen.
 * {@link dev.attune.train.TrainerControl} asks it for something.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.train;
