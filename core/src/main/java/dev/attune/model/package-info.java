/**
 * One readable file per architecture family, names as code. {@link dev.attune.model.Models} goes from a folder to a model;
 * {@link dev.attune.model.PretrainedModel} is what every model can do: load, report what was loaded, save in the layout of
 * Hugging Face.
 *
 * <p>A model file reads top to bottom like the paper and never sees a padding mask, a scope or a device.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.model;
