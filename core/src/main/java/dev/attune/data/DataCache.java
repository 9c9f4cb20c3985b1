package dev.attune.data;

import dev.attune.data.store.CacheEntry;
import dev.attune.data.store.CacheFolder;
import dev.attune.data.store.CacheLimit;
import dev.attune.data.store.CacheMaking;
import dev.attune.data.store.DamagedEntryException;
import dev.attune.data.store.FileStamps;
import dev.attune.data.store.RecordWriter;
import dev.attune.data.store.Table;
import dev.attune.error.ConfigException;
import dev.attune.error.StoppedException;
import dev.attune.hub.Hub;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows and encoded examples of earlier runs, in files that are mapped into memory, so that the heap does not grow with
 * the data and a second run need not do the work of the first.
 *
 * <p>The folder is bounded: what was not used for the longest time goes first, and what a process uses never goes. Several
 * processes may share it. An entry that is damaged is made anew. Where the folder cannot be written to, the work is done
 * without it, and the log says so. Small data stays in the heap and has no entry.
 *
 * <pre>{@code
 * DataCache cache = DataCache.standard();
 * Dataset data = Datasets.read("train.csv", cache);
 * try (Examples examples = cache.encoded(key, sink -> encode(data, sink)).from(data).examples()) { … }
 * }</pre>
 */
public final class DataCache {
    /** Raised when a reader or a format changes what it makes of the same file. */
    private static final String VERSION = "-1-";

    private static final String ROWS = "rows" + VERSION;
    private static final String EXAMPLES = "examples" + VERSION;
    private static final String MEMO = "memo" + VERSION;
    private static final int SMALL_ROWS = 1 << 18; // bytes
    private static final int SMALL_EXAMPLES = 2 << 20; // bytes: some 50 000 short texts
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
    private static final Logger LOG = LoggerFactory.getLogger(DataCache.class);

    private final @Nullable CacheFolder folder;

    private DataCache(@Nullable CacheFolder folder) {
        this.folder = folder;
    }

    /**
     * The cache of this user: {@code data} beside the models ({@code ATTUNE_HOME}, else {@code ~/.cache/attune}), of at
     * most {@code ATTUNE_CACHE_LIMIT} bytes ({@code 10G}; 0 for no cache), else 20 GB or a tenth of the disk, whichever is
     * less.
     *
     * @throws ConfigException if the limit is not a size
     */
    public static DataCache standard() {
        Path path = folder();
        String limit = System.getenv(CacheLimit.VARIABLE);
        return at(path, limit == null || limit.isBlank() ? CacheLimit.standard(path) : CacheLimit.parse(limit));
    }

    /** Where {@link #standard} lies; it need not exist yet. */
    public static Path folder() {
        return Hub.cacheHome().resolve("data");
    }

    /** @param maxBytes the bound; 0 for no cache */
    public static DataCache at(Path folder, long maxBytes) {
        return maxBytes <= 0 ? off() : new DataCache(new CacheFolder(folder, maxBytes));
    }

    /** Keeps nothing between runs. What is too much for the heap goes to files that end with their use. */
    public static DataCache off() {
        return new DataCache(null);
    }

    /**
     * The examples of {@code key}: those of an earlier run, or those that {@code source} makes. Few examples stay in the
     * heap and are made each time.
     *
     * @param key SHA-256 in hexadecimal of all that decides the examples: data, tokenizer, settings, version of the code
     */
    public Encoded encoded(String key, EncodedSource source) {
        String name = EXAMPLES + checked(key);
        CacheFolder.Opening<Encoded> opening = found ->
                new Encoded(new StoredExamples(found.records()), found.entry().notes(), true, true);
        Encoded earlier = find(name, opening);
        if (earlier != null) return earlier;
        try (CacheMaking making = new CacheMaking(folder, name)) {
            Encoded meanwhile = find(name, opening);
            if (meanwhile != null) return meanwhile;
            ExampleWriter writer =
                    new ExampleWriter(making.records(folder == null ? RecordWriter.HEAP : SMALL_EXAMPLES));
            source.writeTo(writer);
            List<String> notes = writer.notes();
            Examples examples = new StoredExamples(making.finish(CacheEntry.examples(notes)));
            return new Encoded(examples, notes, false, making.keeps());
        }
    }

    /**
     * A small text, such as a list of labels: that of an earlier run, or what {@code make} gives.
     *
     * @param key SHA-256 in hexadecimal of all that decides the text
     */
    public String memo(String key, Supplier<String> make) {
        String name = MEMO + checked(key);
        CacheFolder.Opening<String> opening = found -> {
            found.lease().close();
            String text = found.entry().text();
            if (text == null) throw new DamagedEntryException(name + " has no text");
            return text;
        };
        String earlier = find(name, opening);
        if (earlier != null) return earlier;
        try (CacheMaking making = new CacheMaking(folder, name)) {
            String meanwhile = find(name, opening);
            if (meanwhile != null) return meanwhile;
            String text = make.get();
            making.keep(CacheEntry.memo(text));
            return text;
        }
    }

    /**
     * The rows of files. Those of an earlier run if no file has changed its size or time stamp since.
     *
     * @param name what messages call the data
     * @param reader reads all files
     */
    Dataset rows(String name, FileStamps files, Consumer<TableBuilder> reader) {
        if (folder == null || files.areSmall()) {
            TableBuilder table = new TableBuilder();
            reader.accept(table);
            return table.build(name);
        }
        String entry = ROWS + files.key();
        CacheFolder.Opening<Dataset> opening = found -> {
            Table.Facts facts = found.entry().table();
            if (facts == null) throw new DamagedEntryException(found.folder() + " holds no rows");
            return new StoredDataset(name, new Table(facts, found.records()), null);
        };
        Dataset earlier = find(entry, opening);
        if (earlier != null) return earlier;
        try (CacheMaking making = new CacheMaking(folder, entry)) {
            Dataset meanwhile = find(entry, opening);
            if (meanwhile != null) return meanwhile;
            if (files.areYoung()) making.keepNothing();
            TableBuilder table = new TableBuilder(making.records(SMALL_ROWS));
            reader.accept(table);
            Table.Facts facts = table.facts(name);
            if (files.haveChanged()) making.keepNothing();
            return new StoredDataset(name, new Table(facts, making.finish(CacheEntry.rows(facts))), null);
        }
    }

    private <T> @Nullable T find(String name, CacheFolder.Opening<T> opening) {
        if (folder == null) return null;
        try {
            return folder.find(name, opening);
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            throw new StoppedException("Interrupted while the data cache was read.", e);
        } catch (IOException e) {
            LOG.debug("The data cache cannot be read", e); // making the entry will say so
            return null;
        }
    }

    private static String checked(String key) {
        if (!KEY.matcher(key).matches()) throw new IllegalArgumentException("not a SHA-256: " + key);
        return key;
    }
}
