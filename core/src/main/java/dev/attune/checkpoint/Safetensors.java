package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.io.AtomicFiles;
import dev.attune.io.MappedFile;
import dev.attune.io.WholeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Hugging Face's safetensors: a JSON header, then the tensors. Reading copies nothing.
 *
 * <pre>{@code
 * try (Weights weights = Safetensors.open(Path.of("model.safetensors"))) {
 *     ByteBuffer bytes = weights.bytes("bert.pooler.dense.weight");
 * }
 * }</pre>
 *
 * <p>Source: https://github.com/huggingface/safetensors.
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";

    private Safetensors() {}

    /**
     * Opens one file and checks its whole header; no tensor is touched yet.
     *
     * @throws CheckpointException if the file is missing or breaks any rule of the format; names file and tensor
     */
    public static Weights open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            Map<String, StoredWeights.Entry> entries = new LinkedHashMap<>();
            for (SafetensorsHeader.Place place : header.places()) {
                long offset = header.dataStart() + place.begin();
                TensorInfo info = place.info();
                entries.put(
                        info.name(),
                        new StoredWeights.Entry(info, () -> file.slice(offset, place.end() - place.begin())));
            }
            return new StoredWeights(path.toString(), entries, header.metadata(), List.of(file));
        } catch (RuntimeException e) {
            CloseAfter.failure(e, file);
            throw e;
        }
    }

    /**
     * Writes a file atomically, byte for byte as the reference writer does: widest types first, then by name.
     * {@code format = pt} is added to the metadata, because Transformers refuses files without it.
     *
     * @throws CheckpointException if a name is used twice or the file cannot be written
     */
    public static void write(Path path, List<TensorData> tensors, Map<String, String> metadata) {
        List<TensorData> ordered = tensors.stream()
                .sorted(Comparator.comparingInt((TensorData tensor) -> SafetensorsTypes.WRITING_ORDER.indexOf(
                                tensor.info().dtype()))
                        .thenComparing(tensor -> tensor.info().name()))
                .toList();
        checkNames(path, ordered);
        byte[] header = header(ordered, metadata);
        if (header.length > SafetensorsHeader.MAX_LENGTH) {
            throw new CheckpointException("Cannot write " + path + ": its header would have " + header.length
                    + " bytes, but at most " + SafetensorsHeader.MAX_LENGTH + " are allowed. Shorten the metadata.");
        }
        AtomicFiles.writeChannel(path, channel -> {
            ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
            WholeBuffer.write(channel, start.putLong(header.length).put(header).flip());
            for (TensorData tensor : ordered)
                WholeBuffer.write(channel, tensor.bytes().duplicate());
        });
    }

    static void checkNames(Path path, List<TensorData> tensors) {
        Set<String> names = new HashSet<>();
        for (TensorData tensor : tensors) {
            String name = tensor.info().name();
            if (name.equals(METADATA)) {
                throw new CheckpointException("Cannot write " + path + ": no tensor may be named \"" + name + "\".");
            }
            if (!names.add(name)) {
                throw new CheckpointException("Cannot write " + path + ": two tensors are named \"" + name
                        + "\". Give each its own name; write a shared (tied) tensor once.");
            }
        }
    }

    private static byte[] header(List<TensorData> tensors, Map<String, String> metadata) {
        Map<String, String> described = new TreeMap<>(metadata);
        described.putIfAbsent("format", "pt");
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(METADATA, described);
        long position = 0;
        for (TensorData tensor : tensors) {
            TensorInfo info = tensor.info();
            long end = position + info.byteSize();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", SafetensorsTypes.write(info.dtype()));
            entry.put("shape", info.shape());
            entry.put("data_offsets", new long[] {position, end});
            header.put(info.name(), entry);
            position = end;
        }
        byte[] json = JsonMapper.shared().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }
}
