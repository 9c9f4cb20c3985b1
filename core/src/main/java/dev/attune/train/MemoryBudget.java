package dev.attune.train;

import dev.attune.error.ConfigException;
import dev.attune.io.ByteSize;
import dev.attune.tensor.Native;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the process may take, heap and native memory together. The heap counts as large as it may become.
 *
 * @param bytes for all of the process
 * @param isAsked whether {@code max_memory} says so, and not the container or the machine
 */
record MemoryBudget(long bytes, boolean isAsked) {
    /** @param maxMemory the key; null for what the container allows, or else the machine has */
    static MemoryBudget of(@Nullable String maxMemory) {
        return maxMemory == null
                ? new MemoryBudget(Native.machineBytes(), false)
                : new MemoryBudget(ByteSize.parse(maxMemory).orElseThrow(), true);
    }

    /** Native memory of the process now. */
    static long nativeBytes() {
        return Math.max(0, Native.residentBytes() - Runtime.getRuntime().totalMemory());
    }

    /**
     * What is left for batches.
     *
     * @param resting native memory between two steps
     * @throws ConfigException if {@code max_memory} leaves nothing
     */
    long forBatches(long resting) {
        long heap = Runtime.getRuntime().maxMemory();
        long left = bytes - heap - resting;
        if (left > 0 || !isAsked) return Math.max(0, left);
        throw new ConfigException("max_memory is " + ByteSize.text(bytes) + ", but the heap may take "
                + ByteSize.text(heap) + " and the model with its optimizer takes " + ByteSize.text(resting)
                + ": nothing is left for a batch. Raise max_memory, or give Java a smaller heap (-Xmx).");
    }
}
