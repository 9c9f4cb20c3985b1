/**
 * libtorch behind a small Java API; the only package that imports {@code org.bytedeco}.
 *
 * <p>Reading order: {@link dev.attune.tensor.Native} (how the process is tuned before the libraries load), {@link
 * dev.attune.tensor.Scope} (who frees what), {@link dev.attune.tensor.Tensor} with {@link
 * dev.attune.tensor.Activations} and {@link dev.attune.tensor.Losses} beside it, then the guards {@link
 * dev.attune.tensor.Grad} and {@link dev.attune.tensor.Autocast}, {@link dev.attune.tensor.AttentionKernel} and {@link
 * dev.attune.tensor.DropoutKernel}, whose numbers come from {@link dev.attune.tensor.SplitMix64}, and {@link
 * dev.attune.tensor.Dispatch} for operations that have no Java method. {@link dev.attune.tensor.Cpu} asks the machine.
 *
 * <p>Rules of the room: a loop opens a {@link dev.attune.tensor.Scope}, a model never does; guards exist only as lambdas;
 * no handle into a native container leaves this package; an error of libtorch becomes one sentence with the operation and
 * the shapes.
 */
@org.jspecify.annotations.NullMarked
package dev.attune.tensor;
