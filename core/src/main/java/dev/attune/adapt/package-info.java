/**
 * What of a pretrained model is trained. {@link dev.attune.adapt.Freezing} keeps parameters as they are, by names, slices of
 * layers and patterns; {@link dev.attune.adapt.Unfreezing} lets go of them from the top, epoch by epoch; {@link
 * dev.attune.adapt.TrainableParameters} counts what is left. {@link dev.attune.adapt.Lora} adds small tables to linear layers
 * and trains those alone, {@link dev.attune.adapt.LoraConfig} says which, and {@link dev.attune.adapt.ModelFolder} opens what
 * came of it. {@link dev.attune.adapt.HiddenStates} keeps what frozen layers made of examples.
 *
 * <p>A frozen parameter does not require a gradient. That is all: whoever makes a graph, an optimizer or a norm goes by it, as in
 * torch.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.adapt;
