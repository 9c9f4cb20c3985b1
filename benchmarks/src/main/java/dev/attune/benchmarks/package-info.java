/** Measurements: one side of a comparison with Hugging Face Trainer, and JMH benchmarks of single parts. */
@org.jspecify.annotations.NullMarked
package dev.attune.benchmarks;
