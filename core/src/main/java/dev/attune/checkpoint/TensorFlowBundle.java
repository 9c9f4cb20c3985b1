package dev.attune.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attune.error.CheckpointException;
import dev.attune.io.MappedFile;
import dev.attune.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * BERT's weights in a TensorFlow checkpoint or saved model: a "variable bundle" of an {@code .index} file that lists
 * the variables and {@code .data-00000-of-00001} files that hold them. Names and shapes are turned into those of
 * Transformers, see {@code TensorFlowBertNames}. Optimizer state is left out. The checksum of a variable is checked
 * when it is read.
 *
 * <p>Source: {@code tensorflow/core/protobuf/tensor_bundle.proto}.
 */
public final class TensorFlowBundle {
    private static final String REMEDY = " The bundle is damaged or mixed up: fetch it again.";
    private static final int MAX_SHARDS = 10_000;

    private final Path index;
    private final Map<Integer, MappedFile> data = new LinkedHashMap<>();
    private final Map<String, StoredWeights.Entry> entries = new LinkedHashMap<>();
    private int shards;

    /**
     * Opens a bundle by its {@code .index} file.
     *
     * @throws CheckpointException if a file is missing, damaged or compressed, or holds no variable of BERT
     */
    public static Weights open(Path index) {
        TensorFlowBundle bundle = new TensorFlowBundle(index);
        try {
            bundle.read();
            return new StoredWeights(index.toString(), bundle.entries, Map.of(), List.copyOf(bundle.data.values()));
        } catch (RuntimeException e) {
            for (MappedFile file : bundle.data.values()) CloseAfter.failure(e, file);
            throw e;
        }
    }

    private TensorFlowBundle(Path index) {
        this.index = index;
    }

    private void read() {
        Map<String, byte[]> table;
        try (MappedFile file = MappedFile.open(index)) {
            table = SortedTable.read(file);
        } catch (IOException e) {
            throw new CheckpointException("Cannot close " + index + ": " + e.getMessage() + ".", e);
        }
        byte[] header = table.remove("");
        if (header == null) throw fault("has no header entry.");
        boolean bert = false;
        try {
            readHeader(header);
            for (Map.Entry<String, byte[]> item : table.entrySet()) {
                bert |= add(item.getKey(), TensorFlowVariable.parse(item.getValue()));
            }
        } catch (IOException e) {
            throw fault("has an entry that is not a variable's description (" + e.getMessage() + ").");
        }
        if (!bert) {
            String some = table.keySet().stream().limit(3).collect(Collectors.joining(", "));
            throw new CheckpointException(index + " holds no variable of BERT among its " + table.size() + " (" + some
                    + " ...). Only checkpoints of Google's BERT are read; convert others to safetensors with"
                    + " Transformers.");
        }
    }

    private void readHeader(byte[] header) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(header);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case 1 << 3 | WireFormat.WIRETYPE_VARINT -> shards = in.readInt32();
                case 2 << 3 | WireFormat.WIRETYPE_VARINT -> {
                    if (in.readInt32() != 0) {
                        throw new CheckpointException(
                                index + " was written on a big-endian machine, which is not supported."
                                        + " Save it again on a little-endian one.");
                    }
                }
                default -> in.skipField(tag);
            }
        }
        if (shards < 1 || shards > MAX_SHARDS) throw fault("claims " + shards + " data files.");
    }

    /** Adds a variable unless it belongs to the optimizer; returns whether it is one of BERT's. */
    private boolean add(String variable, TensorFlowVariable entry) {
        DType type = entry.dtype();
        if (type == null || TensorFlowBertNames.isTrainingState(variable)) return false;
        if (entry.sliced()) {
            throw new CheckpointException(
                    where(variable) + "is partitioned into slices, which is not supported. Save the"
                            + " model again without a partitioner.");
        }
        // A variable that is not BERT's keeps its own name, so that the load report shows it as ignored.
        var known = TensorFlowBertNames.target(variable);
        var target = known.orElse(new TensorFlowBertNames.Target(variable, false));
        TensorInfo stored;
        try {
            stored = new TensorInfo(target.name(), type, entry.shape());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(where(variable) + e.getMessage() + "." + REMEDY, e);
        }
        if (stored.byteSize() != entry.size()) {
            throw new CheckpointException(where(variable) + "has " + entry.size() + " bytes, but its type and shape ("
                    + stored + ") need " + stored.byteSize() + "." + REMEDY);
        }
        if (target.transposed() && entry.shape().length != 2) {
            throw new CheckpointException(where(variable) + "is a kernel of " + entry.shape().length
                    + " dimensions, but 2 were expected. Only checkpoints of Google's BERT are read.");
        }
        MappedFile file = dataFile(variable, entry);
        TensorInfo info = target.transposed() ? turned(stored) : stored;
        var old = entries.put(info.name(), new StoredWeights.Entry(info, () -> bytes(file, variable, entry, target)));
        if (old != null) {
            throw new CheckpointException(where(variable) + "and another one are both \"" + info.name()
                    + "\" in Transformers. Keep one model in a bundle.");
        }
        return known.isPresent();
    }

    private static TensorInfo turned(TensorInfo info) {
        long[] shape = info.shape();
        return new TensorInfo(info.name(), info.dtype(), new long[] {shape[1], shape[0]});
    }

    private MappedFile dataFile(String variable, TensorFlowVariable entry) {
        if (entry.shard() < 0 || entry.shard() >= shards) {
            throw new CheckpointException(
                    where(variable) + "is in data file " + entry.shard() + " of " + shards + "." + REMEDY);
        }
        MappedFile file = data.get(entry.shard());
        if (file == null) {
            String name = String.valueOf(index.getFileName()).replaceFirst("\\.index$", "");
            String end = String.format(Locale.ROOT, ".data-%05d-of-%05d", entry.shard(), shards);
            data.put(entry.shard(), file = MappedFile.open(index.resolveSibling(name + end)));
        }
        if (entry.offset() < 0 || entry.offset() > file.size() - entry.size()) {
            throw new CheckpointException(
                    where(variable) + "has " + entry.size() + " bytes at " + entry.offset() + ", but " + file.path()
                            + " has only " + file.size() + " bytes. It is probably an incomplete download." + REMEDY);
        }
        return file;
    }

    private ByteBuffer bytes(
            MappedFile file, String variable, TensorFlowVariable entry, TensorFlowBertNames.Target target) {
        ByteBuffer bytes = file.slice(entry.offset(), entry.size());
        int actual = SortedTable.maskedChecksum(bytes);
        if (entry.hasChecksum() && actual != entry.checksum()) {
            throw new CheckpointException(where(variable) + "has checksum " + Integer.toHexString(actual) + " in "
                    + file.path() + ", but the index says " + Integer.toHexString(entry.checksum()) + "." + REMEDY);
        }
        if (!target.transposed()) return bytes;
        long[] shape = entry.shape();
        return Transpose.of(
                bytes,
                (int) shape[0],
                (int) shape[1],
                Objects.requireNonNull(entry.dtype()).bytes());
    }

    private String where(String variable) {
        return index + ": variable \"" + variable + "\" ";
    }

    private CheckpointException fault(String detail) {
        return new CheckpointException(index + " " + detail + REMEDY);
    }
}
