package dev.attune.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One tokenizer of the Rust library, without truncation or padding. It uses DJL's thin native layer and not its
 * {@code HuggingFaceTokenizer}, because the latter cuts at 512 tokens on its own and reports usage over the network.
 * Threads may encode at the same time; closing waits for them, since a freed handle would crash the process.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final String FLAVOR = "RUST_FLAVOR";

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final TokenizersLibrary library;
    private final String source;
    private long handle;

    /** @param source where the JSON came from, for error messages */
    NativeTokenizer(String tokenizerJson, String source) {
        this.source = source;
        library = library();
        try {
            handle = library.createTokenizerFromString(tokenizerJson);
        } catch (RuntimeException e) {
            throw new CheckpointException(
                    source + " is not a tokenizer that the Hugging Face tokenizers library understands: "
                            + e.getMessage() + ". Save it again with tokenizer.save_pretrained(folder).",
                    e);
        }
        library.disableTruncation(handle);
        library.disablePadding(handle);
    }

    private static TokenizersLibrary library() {
        // With a GPU present DJL would download another native; the one in the jar does the same work.
        if (System.getProperty(FLAVOR) == null && System.getenv(FLAVOR) == null) {
            System.setProperty(FLAVOR, "cpu");
        }
        try {
            LibUtils.checkStatus();
            return TokenizersLibrary.LIB;
        } catch (RuntimeException | LinkageError e) {
            throw new ConfigException(
                    "The native tokenizers library does not load on " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e.getMessage()
                            + ". It exists for Linux x86_64 and aarch64, macOS aarch64 and Windows x86_64,"
                            + " and needs a writable DJL_CACHE_DIR (default ~/.djl.ai).",
                    e);
        }
    }

    /** Of the native library, which may change what it makes of a text; empty if unknown. */
    static String libraryVersion() {
        String version = TokenizersLibrary.class.getPackage().getSpecificationVersion();
        return version == null ? "" : version;
    }

    /** All tokens of clean texts, special tokens included; offsets in UTF-16 units, all 0 if they are not wanted. */
    Encoding encode(String text, @Nullable String pair, boolean offsets) {
        lock.readLock().lock();
        try {
            long open = open();
            long encoding = called(
                    () -> pair == null ? library.encode(open, text, true) : library.encodeDual(open, text, pair, true));
            try {
                return copy(encoding, text, pair, offsets);
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    /** As {@link #encode} of a text in words, which {@link Encoding#wordIds} count; offsets are those in the word. */
    Encoding encodeWords(String[] words) {
        lock.readLock().lock();
        try {
            long open = open();
            long encoding = called(() -> library.encodeList(open, words, true));
            try {
                Encoding all = copy(encoding, "", null, false);
                int[] places = ints(library.getWordIds(encoding));
                CharSpan[] spans = library.getTokenCharSpans(encoding);
                Utf16Offsets[] units = new Utf16Offsets[words.length];
                for (int i = 0; i < places.length; i++) {
                    int word = all.sequenceIds()[i] < 0 ? -1 : places[i];
                    all.wordIds()[i] = word;
                    if (word < 0 || spans[i] == null) continue;
                    if (units[word] == null) units[word] = Utf16Offsets.of(words[word]);
                    all.offsets()[2 * i] = units[word].at(spans[i].getStart());
                    all.offsets()[2 * i + 1] = units[word].at(spans[i].getEnd());
                }
                return all;
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private Encoding copy(long encoding, String text, @Nullable String pair, boolean offsets) {
        int[] ids = ints(library.getTokenIds(encoding));
        int[] sequenceIds = ints(library.getSequenceIds(encoding));
        int[] typeIds = ints(library.getTypeIds(encoding));
        int[] special = ints(library.getSpecialTokenMask(encoding));
        int[] places = new int[2 * ids.length];
        if (offsets) places(library.getTokenCharSpans(encoding), sequenceIds, text, pair, places);
        int[] words = offsets ? ints(library.getWordIds(encoding)) : new int[ids.length];
        return new Encoding(ids, typeIds, special, places, words, sequenceIds, ids.length);
    }

    private static void places(
            @Nullable CharSpan[] spans, int[] sequenceIds, String text, @Nullable String pair, int[] places) {
        Utf16Offsets first = Utf16Offsets.of(text);
        Utf16Offsets second = pair == null ? first : Utf16Offsets.of(pair);
        for (int i = 0; i < spans.length; i++) {
            @Nullable CharSpan span = spans[i];
            if (span != null && sequenceIds[i] >= 0) {
                Utf16Offsets units = sequenceIds[i] == 0 ? first : second;
                places[2 * i] = units.at(span.getStart());
                places[2 * i + 1] = units.at(span.getEnd());
            }
        }
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        lock.readLock().lock();
        try {
            long open = open();
            return called(() -> library.decode(open, wide, skipSpecialTokens));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** What the library refuses, it refuses because of its file: it takes every text. */
    private <T> T called(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new CheckpointException(
                    source + " is a tokenizer that does not work: " + e.getMessage()
                            + ". Fetch it again, or take another one.",
                    e);
        }
    }

    private long open() {
        if (handle == 0) {
            throw new IllegalStateException("This tokenizer is closed.");
        }
        return handle;
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private static int[] ints(long[] wide) {
        int[] narrow = new int[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (int) wide[i];
        }
        return narrow;
    }
}
