package dev.attune.io;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.MappedByteBuffer;

/**
 * Resident memory of mapped files. Java unmaps a file when the garbage collector finds the buffer, which with a small heap
 * and large tensors may be never: a checkpoint would stay in memory beside the model that was made from it.
 */
public final class MappedPages {
    private static final int DONT_NEED = 4;

    private MappedPages() {}

    /** Takes the pages of {@code buffer}, mapped for reading, out of memory; who reads it again reads from the file. */
    public static void drop(MappedByteBuffer buffer) {
        if (buffer.capacity() == 0) return;
        LibC.call(c -> {
            long page = 1 << 16; // a multiple of every page size in use; the ends that are left over are small
            long start = Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
            long from = (start + page - 1) / page * page;
            long to = (start + buffer.capacity()) / page * page;
            if (to > from) c.madvise(new Pointer(from), new NativeLong(to - from), DONT_NEED);
        });
    }
}
