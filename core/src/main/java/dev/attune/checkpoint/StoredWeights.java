package dev.attune.checkpoint;

import dev.attune.error.CheckpointException;
import dev.attune.error.Suggestion;
import dev.attune.io.MappedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What every format becomes once its header is understood: a name, an info and a way to the bytes. */
final class StoredWeights implements Weights {

    record Entry(TensorInfo info, Supplier<ByteBuffer> bytes) {}

    private final String source;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;
    private final List<? extends AutoCloseable> files;

    /** {@code entries} keeps the order of the file; {@code files} are closed with the weights. */
    StoredWeights(
            String source,
            Map<String, Entry> entries,
            Map<String, String> metadata,
            List<? extends AutoCloseable> files) {
        this.source = source;
        this.entries = Collections.unmodifiableMap(entries);
        this.metadata = Map.copyOf(metadata);
        this.files = List.copyOf(files);
    }

    @Override
    public Set<String> names() {
        return entries.keySet();
    }

    @Override
    public TensorInfo info(String name) {
        return entry(name).info();
    }

    @Override
    public ByteBuffer bytes(String name) {
        return entry(name).bytes().get().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new CheckpointException(source + " has no tensor \"" + name + "\" among its " + entries.size() + "."
                    + Suggestion.didYouMean(name, entries.keySet()));
        }
        return entry;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public void forget() {
        for (AutoCloseable file : files) {
            if (file instanceof MappedFile mapped) mapped.forget();
            else if (file instanceof Weights shard) shard.forget();
        }
    }

    @Override
    public void close() {
        for (AutoCloseable file : files) {
            try {
                file.close();
            } catch (Exception e) {
                throw new CheckpointException("Cannot close " + source + ": " + e.getMessage() + ".", e);
            }
        }
    }

    @Override
    public String toString() {
        return source + " (" + entries.size() + " tensors)";
    }
}
