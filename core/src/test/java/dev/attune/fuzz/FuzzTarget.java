package dev.attune.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A reader of files that come from others, with what a fuzzer needs to know of it. */
public interface FuzzTarget {
    /** What the reader is called in counts and in the folder of what was found: {@code safetensors}. */
    String reader();

    /** The name of the file that an input becomes. */
    String file();

    /** Small good inputs, from which bad ones are made. */
    List<byte[]> seeds();

    /** Words of the format: they are put into inputs where chance would not write them. */
    default List<String> words() {
        return List.of();
    }

    /** Whether the inputs are JSON, which is then also changed node by node. */
    default boolean json() {
        return false;
    }

    /**
     * Puts right what no attacker would get wrong and every mutation does: lengths at the start, checksums. Only some inputs go
     * through it.
     */
    default byte[] seal(byte[] input) {
        return input;
    }

    /** Writes the other files that the reader looks for. */
    default void prepare(Path folder) throws IOException {}

    /**
     * Reads the file and everything in it that its reader hands out.
     *
     * @throws dev.attune.error.AttuneException if the reader refuses it; anything else is found
     */
    void read(Path file) throws IOException;

    /** Whether a refusal says which file it speaks of. */
    default boolean namesFile(String message) {
        return message.contains(file());
    }

    /** Most bytes on the heap that may be spent on an input of this many bytes, garbage and classes included. */
    default long heap(int input) {
        return (64L << 20) + 200L * input;
    }
}
