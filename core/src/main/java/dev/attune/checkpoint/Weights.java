package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;

/** Named tensors in an open checkpoint. Safe for use by several threads. */
public interface Weights extends AutoCloseable {

    /** Names of all tensors, in the order of the file. */
    Set<String> names();

    /**
     * Type and shape of a tensor.
     *
     * @throws CheckpointException if there is no such tensor; the message suggests the nearest name
     */
    TensorInfo info(String name);

    /**
     * The values of a tensor: little-endian, read-only, row by row, from position 0 to the limit. A view of the file
     * where the format allows it, so do not count on the address being aligned to the element size.
     *
     * @throws CheckpointException if there is no such tensor, its checksum does not match, or the file is closed
     */
    ByteBuffer bytes(String name);

    /** Where the tensors come from, for messages. */
    String source();

    /** Free text pairs of the file, such as {@code format = pt}; empty where the format has none. */
    Map<String, String> metadata();

    /** Takes what was read so far out of memory; who reads it again reads from the file. */
    void forget();

    /** Lets go of the file. Buffers handed out before stay valid. */
    @Override
    void close();
}
