/**
 * Training a part of a model: {@link dev.attune.adapt.Lora} adds small tables to its linear layers and trains those alone,
 * {@link dev.attune.adapt.LoraConfig} says which, and {@link dev.attune.adapt.ModelFolder} opens what came of it.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.adapt;
