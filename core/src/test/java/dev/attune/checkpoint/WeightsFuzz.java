package dev.attune.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads all that a file of weights hands out. */
final class WeightsFuzz {
    private WeightsFuzz() {}

    static void readAll(Path file) {
        readAll(WeightFiles.open(file));
    }

    /** Closes them too. */
    static void readAll(Weights opened) {
        try (Weights weights = opened) {
            for (String name : weights.names()) {
                ByteBuffer bytes = weights.bytes(name);
                if (bytes.remaining() != weights.info(name).byteSize())
                    throw new AssertionError("wrong size of " + name);
                for (int i = 0; i < bytes.limit(); i += 512) bytes.get(i);
            }
            weights.metadata().forEach((key, value) -> key.concat(value));
        }
    }
}
