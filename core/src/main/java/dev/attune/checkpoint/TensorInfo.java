package dev.attune.checkpoint;

import dev.attune.tensor.DType;
import java.util.Arrays;
import java.util.Objects;

/**
 * Name, element type and shape of a tensor in a file.
 *
 * @param name the key, such as {@code bert.encoder.layer.0.output.dense.weight}
 * @param dtype type of the elements as stored
 * @param shape sizes, outermost first; empty for a scalar
 */
public record TensorInfo(String name, DType dtype, long[] shape) {

    /** @throws IllegalArgumentException if a size is negative or the bytes do not fit a {@code long} */
    public TensorInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = shape.clone();
        long bytes = dtype.bytes();
        for (long size : shape) {
            if (size < 0) throw new IllegalArgumentException("has a negative size in shape " + Arrays.toString(shape));
            // A zero does not excuse an overflow elsewhere: readers that multiply in another order would disagree.
            if (Math.multiplyHigh(bytes, size) != 0 || bytes * size < 0) {
                throw new IllegalArgumentException(
                        "has shape " + Arrays.toString(shape) + ", more bytes than fit 64 bits");
            }
            if (size != 0) bytes *= size;
        }
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements: the product of the shape, 1 for a scalar. */
    public long elements() {
        long elements = 1;
        for (long size : shape) elements *= size;
        return elements;
    }

    /** Bytes of all elements. */
    public long byteSize() {
        return elements() * dtype.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorInfo that
                && name.equals(that.name)
                && dtype == that.dtype
                && Arrays.equals(shape, that.shape);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, dtype, Arrays.hashCode(shape));
    }

    @Override
    public String toString() {
        return name + " " + dtype + " " + Arrays.toString(shape);
    }
}
