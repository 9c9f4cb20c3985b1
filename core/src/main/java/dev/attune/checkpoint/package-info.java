/**
 * Named tensors in files: what is read, what is written, and what is refused.
 *
 * <p>{@link dev.attune.checkpoint.WeightFiles#open(java.nio.file.Path)} takes a model folder and returns {@link
 * dev.attune.checkpoint.Weights}: names, shapes and bytes. Whatever the file format, names and shapes are those of
 * Hugging Face Transformers, so a model loads all of them in the same way:
 *
 * <table>
 * <caption>Formats, in the order in which they are looked for</caption>
 * <tr><th>file</th><th>access</th><th>names</th><th>copy?</th></tr>
 * <tr><td>{@code model.safetensors}</td><td>read, write</td><td>as in the file</td><td>never</td></tr>
 * <tr><td>{@code model.safetensors.index.json} and its shards</td><td>read, write</td><td>as in
 * the file</td><td>never</td></tr>
 * <tr><td>{@code *.onnx} (also in {@code onnx/})</td><td>read</td><td>anonymous weights get the name of the node that
 * uses them</td><td>transposed ones</td></tr>
 * <tr><td>{@code *.index} and {@code *.data-00000-of-00001} (also in {@code variables/})</td><td>read</td><td>BERT's
 * TensorFlow names are mapped, see {@code TensorFlowBertNames}</td><td>transposed ones</td></tr>
 * <tr><td>a checkpoint of llama2.c, by {@link dev.attune.checkpoint.Llama2c} alone</td><td>read</td><td>by its place in the
 * file</td><td>queries and keys</td></tr>
 * </table>
 *
 * <p>A file is mapped into memory, not read: opening costs the header, and a tensor costs what is touched of it. The
 * mapping ends when its last buffer is garbage; do not change or shorten a file while a model is loaded from it.
 *
 * <p>Everything in a file is untrusted. Lengths, offsets, shapes and types are checked against each other and against
 * the file before a byte of a tensor is handed out; checksums are checked where the format has them; a path inside a
 * file may not leave its folder; a tensor's name is never used as a path; nothing in a file is executed. Pickle files
 * ({@code pytorch_model.bin}) are refused with a hint. Each refusal is a {@link dev.attune.error.CheckpointException}
 * naming the file, the tensor, what was found, what was expected and the remedy.
 *
 * <p>{@link dev.attune.checkpoint.StateDict} holds what is no model: the memory of a run, which its parts save and load
 * ({@link dev.attune.checkpoint.Stateful}).
 *
 * <p>{@link dev.attune.io.AtomicFiles} writes every file of a checkpoint: after a crash there is the old file
 * or the new one, never half of one.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.checkpoint;
