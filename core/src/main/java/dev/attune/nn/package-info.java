/**
 * The parts that models are made of. A {@link dev.attune.nn.NeuralModule} is plain Java; the names of its children and
 * parameters are the names of the Hugging Face checkpoint, so that loading needs no table of names.
 *
 * <p>Hidden states are packed: {@code (N, C)}, one row a real token, never a row of padding. Only {@link
 * dev.attune.nn.Attention} looks at the borders of sequences, through {@link dev.attune.nn.SequenceLayout}. Every other
 * part may treat the rows as independent.
 *
 * <p>What is random in training is computed, not drawn: {@link dev.attune.nn.Dropout} goes by {@link dev.attune.nn.DropoutKeys},
 * so a row is dropped alike in any batch, and when a layer is computed again.
 *
 * <p>Letters in shape comments: {@code N} tokens, {@code B} sequences, {@code T} longest sequence, {@code C} hidden,
 * {@code H} heads, {@code D} head size, {@code V} vocabulary.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.nn;
