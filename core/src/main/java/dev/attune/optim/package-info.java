/**
 * What turns gradients into better parameters: {@link dev.attune.optim.ParameterGroups} (who is decayed), {@link
 * dev.attune.optim.AdamW}, {@link dev.attune.optim.Schedule} (learning rates), {@link dev.attune.optim.GradientNorm}
 * (clipping), {@link dev.attune.optim.LossScale} (for float16), {@link dev.attune.optim.WeightAverage}. Formulas and defaults are those of torch and of Hugging Face's Trainer.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.optim;
