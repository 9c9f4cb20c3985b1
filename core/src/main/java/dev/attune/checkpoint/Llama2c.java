package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import dev.attune.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights in a checkpoint of llama2.c, under the names of Transformers: tables of 32-bit numbers one after the other, each
 * for all layers. Its attention turns neighbours, number 2i of a head with 2i + 1, where Transformers turns number i with i + D/2;
 * so the rows of the queries' and keys' tables come out in the order that gives the same products.
 *
 * <p>Source: {@code memory_map_weights} of https://github.com/karpathy/llama2.c, the format without a version.
 */
public final class Llama2c {
    private final MappedFile file;
    private final Llama2cHeader header;
    private final Map<String, StoredWeights.Entry> entries = new LinkedHashMap<>();
    private long position = Llama2cHeader.BYTES;

    private Llama2c(MappedFile file) {
        this.file = file;
        this.header = Llama2cHeader.read(file);
    }

    /**
     * Opens a checkpoint; no table is touched yet.
     *
     * @throws CheckpointException if it is none, or not a whole one
     */
    public static Weights open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            Llama2c checkpoint = new Llama2c(file);
            checkpoint.tables();
            return new StoredWeights(path.toString(), checkpoint.entries, Map.of(), List.of(file));
        } catch (RuntimeException e) {
            CloseAfter.failure(e, file);
            throw e;
        }
    }

    /** In the order of the file. */
    private void tables() {
        int c = header.hidden();
        int words = header.vocabulary();
        whole("model.embed_tokens.weight", words, c);
        layers("input_layernorm", c);
        turned("self_attn.q_proj", header.heads());
        turned("self_attn.k_proj", header.keyValueHeads());
        layers("self_attn.v_proj", header.keys(), c);
        layers("self_attn.o_proj", c, c);
        layers("post_attention_layernorm", c);
        layers("mlp.gate_proj", header.inner(), c);
        layers("mlp.down_proj", c, header.inner());
        layers("mlp.up_proj", header.inner(), c);
        whole("model.norm.weight", c);
        position += Float.BYTES * header.turns();
        if (!header.tied()) whole("lm_head.weight", words, c);
    }

    private void whole(String name, long... shape) {
        TensorInfo info = new TensorInfo(name, DType.FLOAT32, shape);
        long offset = position;
        entries.put(name, new StoredWeights.Entry(info, () -> file.slice(offset, info.byteSize())));
        position += info.byteSize();
    }

    private void layers(String name, long... shape) {
        for (int layer = 0; layer < header.layers(); layer++) whole(named(layer, name), shape);
    }

    private void turned(String name, int heads) {
        for (int layer = 0; layer < header.layers(); layer++) {
            whole(named(layer, name), (long) heads * header.headSize(), header.hidden());
            entries.computeIfPresent(
                    named(layer, name),
                    (same, entry) -> new StoredWeights.Entry(
                            entry.info(), () -> halves(entry.bytes().get(), heads)));
        }
    }

    private static String named(int layer, String name) {
        return "model.layers." + layer + "." + name + ".weight";
    }

    /** The even rows of each head, then its odd rows. */
    private ByteBuffer halves(ByteBuffer source, int heads) {
        int row = header.hidden() * Float.BYTES;
        int half = header.headSize() / 2;
        ByteBuffer to = ByteBuffer.allocateDirect(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int head = 0; head < heads; head++) {
            for (int parity = 0; parity < 2; parity++) {
                for (int pair = 0; pair < half; pair++) {
                    to.put(source.slice((2 * (head * half + pair) + parity) * row, row));
                }
            }
        }
        return to.flip();
    }
}
