package dev.attune.checkpoint;

import dev.attune.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A checkpoint of llama2.c. */
public final class Llama2cFuzz implements FuzzTarget {
    /** Inputs are not made longer than this. */
    private static final long LONGEST = 1 << 16;

    @Override
    public String reader() {
        return "llama2c";
    }

    @Override
    public String file() {
        return "model.bin";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                new Llama2cFixture(4, 3, 1, 2, 1, 5, 4, 1).bytes(),
                new Llama2cFixture(4, 2, 2, 1, 1, -3, 2, 1).bytes());
    }

    @Override
    public List<String> words() {
        return List.of("24ka", "PK\3\4", "\u0001\0\0\0", "\u0002\0\0\0");
    }

    /** As many bytes as the header asks for. */
    @Override
    public byte[] seal(byte[] input) {
        if (input.length < 28) return input;
        ByteBuffer header = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        long[] n = new long[7];
        for (int i = 0; i < 7; i++) {
            n[i] = header.getInt(4 * i);
            if (Math.abs(n[i]) > LONGEST) return input;
        }
        if (n[0] <= 0 || n[1] <= 0 || n[2] <= 0 || n[3] <= 0 || n[4] <= 0 || n[5] == 0 || n[6] <= 0) return input;
        double size = n[0] / n[3];
        double layer = 2.0 * n[0] + 2.0 * n[0] * n[0] + 2.0 * n[4] * size * n[0] + 3.0 * n[0] * n[1];
        double all = Math.abs(n[5]) * n[0] * (n[5] > 0 ? 1.0 : 2) + n[2] * layer + n[0] + n[6] * size;
        return all < LONGEST / 4 ? Arrays.copyOf(input, 28 + 4 * (int) all) : input;
    }

    @Override
    public void read(Path file) {
        Llama2cHeader.read(file).toConfig();
        WeightsFuzz.readAll(Llama2c.open(file));
    }
}
