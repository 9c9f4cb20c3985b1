/**
 * What turns gradients into better parameters: {@link dev.attune.optim.ParameterGroups} (who is decayed), the
 * {@link dev.attune.optim.Optimizer} and what it remembers of each parameter, {@link dev.attune.optim.Schedule} (learning
 * rates), {@link dev.attune.optim.GradientNorm} (clipping), {@link dev.attune.optim.LossScale} (for float16), {@link
 * dev.attune.optim.WeightAverage}. Formulas and defaults are those of torch and of Hugging Face's Trainer.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.optim;
