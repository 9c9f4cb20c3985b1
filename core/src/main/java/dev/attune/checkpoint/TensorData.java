package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tensor to be written.
 *
 * @param info name, type and shape
 * @param bytes little-endian values, row by row, from the buffer's position to its limit; reading does not move them
 */
public record TensorData(TensorInfo info, ByteBuffer bytes) {

    /** @throws CheckpointException if the buffer does not hold exactly the bytes that type and shape ask for */
    public TensorData {
        if (bytes.remaining() != info.byteSize()) {
            throw new CheckpointException("Tensor \"" + info.name() + "\" has " + bytes.remaining() + " bytes, but "
                    + info.dtype() + " of shape " + Arrays.toString(info.shape()) + " needs "
                    + info.byteSize() + ". Pass a buffer whose position and limit enclose exactly the tensor.");
        }
    }
}
