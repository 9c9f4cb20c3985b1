package dev.attune.adapt;

import dev.attune.error.ConfigException;
import dev.attune.tensor.DType;
import dev.attune.tensor.Scope;
import dev.attune.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lower layers of a model made of examples, kept for many passes over them: the hidden states of each token of each
 * example, (T, C). In memory as far as that may go, the rest in a file that is gone when this is closed.
 */
public final class HiddenStates implements AutoCloseable {
    /** A Java buffer ends at 2 GiB. */
    private static final long CHUNK = 1L << 28;

    private final DType type;
    private final int bytesPerToken;
    private final int size;
    private final int[] lengths;
    /** Where each example begins: in {@link #memory} from 0 on, in {@link #file} behind that. */
    private final long[] places;

    private final long inMemory;
    private final List<Tensor> memory = new ArrayList<>();
    private final @Nullable ScratchFile file;

    /**
     * Room for some examples.
     *
     * @param lengths tokens of each
     * @param size C
     * @param type FLOAT32 keeps the states exactly, BFLOAT16 in half the bytes
     * @param mostMemory bytes that may be in memory
     * @param folder of the file, if there has to be one
     * @throws ConfigException if the disk has no room for it
     */
    public HiddenStates(int[] lengths, int size, DType type, long mostMemory, Path folder) {
        this.type = type;
        this.size = size;
        this.bytesPerToken = size * type.bytes();
        this.lengths = lengths.clone();
        this.places = new long[lengths.length];
        long at = 0;
        long full = -1; // bytes in memory, once no more may be
        for (int i = 0; i < lengths.length; i++) {
            long bytes = bytes(i);
            if (at / CHUNK != (at + bytes - 1) / CHUNK) at = (at / CHUNK + 1) * CHUNK; // nothing crosses a border
            if (full < 0 && at + bytes > mostMemory) {
                full = at;
                at = (at + CHUNK - 1) / CHUNK * CHUNK;
            }
            places[i] = at;
            at += bytes;
        }
        long kept = full < 0 ? at : full;
        this.inMemory = (kept + CHUNK - 1) / CHUNK * CHUNK;
        this.file = full < 0 ? null : ScratchFile.in(folder, at - inMemory);
        for (long from = 0; from < kept; from += CHUNK) {
            memory.add(Tensor.empty(type, Math.min(CHUNK, kept - from) / type.bytes())
                    .keep());
        }
    }

    private long bytes(int example) {
        return (long) lengths[example] * bytesPerToken;
    }

    /** All bytes that are kept, in memory and in the file. */
    public long bytes() {
        long bytes = 0;
        for (int i = 0; i < lengths.length; i++) bytes += bytes(i);
        return bytes;
    }

    /** Bytes in the file. */
    public long bytesInFile() {
        return file == null ? 0 : file.size();
    }

    /**
     * Keeps the states of some examples.
     *
     * @param states their tokens one example after the other (N, C)
     * @throws ConfigException if the disk does not take them
     */
    public void put(int[] examples, Tensor states) {
        try (Scope scope = Scope.open()) {
            ByteBuffer source = states.to(type).memory();
            int from = 0;
            for (int example : examples) {
                int count = (int) bytes(example);
                if (places[example] >= inMemory) file.write(places[example] - inMemory, source.slice(from, count));
                else inMemory(example).put(0, source, from, count);
                from += count;
            }
        }
    }

    /** In memory, as a buffer of its own; in the scope that is open. */
    private ByteBuffer inMemory(int example) {
        long place = places[example];
        return memory.get((int) (place / CHUNK)).memory().slice((int) (place % CHUNK), (int) bytes(example));
    }

    /**
     * The states of some examples.
     *
     * @param rows at least as many as they have tokens; those behind repeat the first token
     * @return (rows, C), FLOAT32
     */
    public Tensor rows(int[] examples, int rows) {
        Tensor kept = Tensor.empty(type, rows, size);
        ByteBuffer target = kept.memory();
        int at = 0;
        for (int example : examples) {
            int count = (int) bytes(example);
            ByteBuffer source =
                    places[example] < inMemory ? inMemory(example) : file.read(places[example] - inMemory, count);
            target.put(at, source, 0, count);
            at += count;
        }
        for (; at < rows * bytesPerToken; at += bytesPerToken) target.put(at, target.duplicate(), 0, bytesPerToken);
        return kept.to(DType.FLOAT32);
    }

    @Override
    public void close() {
        memory.forEach(Tensor::close);
        if (file != null) file.close();
    }
}
