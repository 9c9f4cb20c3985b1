package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first 28 bytes of a checkpoint of llama2.c: seven sizes, from which all the rest of the file follows.
 *
 * @param hidden C
 * @param inner numbers of a token within the feed-forward network
 * @param keyValueHeads heads of keys and values, each shared by {@code heads / keyValueHeads} of the queries
 * @param vocabulary V
 * @param tied whether the last product takes the table of the embeddings; in the file the sign of V
 * @param length most tokens of a text
 */
public record Llama2cHeader(
        int hidden, int inner, int layers, int heads, int keyValueHeads, int vocabulary, boolean tied, int length) {
    static final int BYTES = 7 * Integer.BYTES;

    /** Far more than any model has; below them no product of the sizes leaves 64 bits. */
    private static final int MOST = 1 << 22;

    private static final int MOST_LAYERS = 1 << 10;

    /** Begins files of later versions, {@code ak42}. */
    private static final int LATER = 0x616b3432;

    /**
     * Reads the header, and checks it against the size of the file.
     *
     * @throws CheckpointException if it is no checkpoint of llama2.c, or not a whole one
     */
    public static Llama2cHeader read(Path path) {
        try (MappedFile file = MappedFile.open(path)) {
            return read(file);
        } catch (IOException e) {
            throw new CheckpointException("Cannot close " + path + ": " + e.getMessage() + ".", e);
        }
    }

    static Llama2cHeader read(MappedFile file) {
        Path path = file.path();
        if (file.size() < BYTES) throw none(path, "it has only " + file.size() + " bytes");
        ByteBuffer bytes = file.slice(0, BYTES);
        requireOther(path, bytes);
        int words = bytes.getInt(20);
        Llama2cHeader header = new Llama2cHeader(
                bytes.getInt(0),
                bytes.getInt(4),
                bytes.getInt(8),
                bytes.getInt(12),
                bytes.getInt(16),
                words == Integer.MIN_VALUE ? 0 : Math.abs(words),
                words > 0,
                bytes.getInt(24));
        header.requireSizes(path);
        long expected = BYTES + Float.BYTES * header.numbers();
        if (file.size() != expected) {
            throw new CheckpointException(path + " has " + file.size() + " bytes, but its header (" + header.words()
                    + ") asks for " + expected + ": it is cut off, or no checkpoint of llama2.c. Fetch it again.");
        }
        return header;
    }

    /** What else is called {@code .bin}. */
    private static void requireOther(Path path, ByteBuffer bytes) {
        if (bytes.getInt(0) == LATER) {
            throw new CheckpointException(path + " is a checkpoint of llama2.c in version " + bytes.getInt(4)
                    + " of its format, but only the first one is read. Export it with --version 0.");
        }
        boolean zip = bytes.get(0) == 'P' && bytes.get(1) == 'K' && bytes.get(2) == 3 && bytes.get(3) == 4;
        boolean pickle = (bytes.get(0) & 0xFF) == 0x80 && bytes.get(1) > 0 && bytes.get(1) < 6;
        if (zip || pickle)
            throw new CheckpointException(path + " is no checkpoint of llama2.c."
                    + WeightFiles.pickle(path.getFileName().toString()));
    }

    private void requireSizes(Path path) {
        boolean plausible = within(hidden, MOST)
                && within(inner, MOST)
                && within(layers, MOST_LAYERS)
                && within(heads, hidden)
                && within(keyValueHeads, heads)
                && within(vocabulary, MOST)
                && within(length, MOST);
        if (!plausible) throw none(path, "its first numbers cannot be sizes (" + words() + ")");
        if (hidden % heads != 0 || heads % keyValueHeads != 0 || headSize() % 2 != 0) {
            throw none(path, "its sizes do not go together (" + words() + ")");
        }
    }

    private static boolean within(int size, int most) {
        return size > 0 && size <= most;
    }

    private static CheckpointException none(Path path, String why) {
        return new CheckpointException(path + " is no checkpoint of llama2.c: " + why
                + ". Such a file begins with seven sizes, and tables of 32-bit numbers follow. Check the path.");
    }

    private String words() {
        return "dim " + hidden + ", hidden_dim " + inner + ", n_layers " + layers + ", n_heads " + heads
                + ", n_kv_heads " + keyValueHeads + ", vocab_size " + (tied ? "" : "-") + vocabulary + ", seq_len "
                + length;
    }

    /** D. */
    int headSize() {
        return hidden / heads;
    }

    /** Numbers of a token's keys, and of its values. */
    int keys() {
        return keyValueHeads * headSize();
    }

    /** How many numbers follow. */
    private long numbers() {
        long c = hidden;
        long layer = 2 * c + 2 * c * c + 2 * c * keys() + 3 * c * inner;
        return (tied ? 1 : 2) * vocabulary * c + layers * layer + c + turns();
    }

    /** Cosines and sines that can be computed, and are: those in the file are for versions that could not. */
    long turns() {
        return (long) length * headSize();
    }

    /** What {@code config.json} says of such a model; what no size tells are the constants of llama2.c. */
    public Map<String, Object> toConfig() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("architectures", List.of("LlamaForCausalLM"));
        values.put("model_type", "llama");
        values.put("vocab_size", vocabulary);
        values.put("hidden_size", hidden);
        values.put("intermediate_size", inner);
        values.put("num_hidden_layers", layers);
        values.put("num_attention_heads", heads);
        values.put("num_key_value_heads", keyValueHeads);
        values.put("head_dim", headSize());
        values.put("hidden_act", "silu");
        values.put("max_position_embeddings", length);
        values.put("initializer_range", 0.02);
        values.put("rms_norm_eps", 1e-5);
        values.put("rope_theta", 10_000.0);
        values.put("attention_bias", false);
        values.put("mlp_bias", false);
        values.put("tie_word_embeddings", tied);
        values.put("bos_token_id", 1);
        values.put("eos_token_id", 2);
        return values;
    }
}
