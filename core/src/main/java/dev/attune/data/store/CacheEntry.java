package dev.attune.data.store;

import dev.attune.io.Sha256;
import dev.attune.io.WholeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a folder of the cache holds. {@code entry.json} is one line of JSON and the SHA-256 of that line, {@code records}
 * the bytes and {@code groups} the addresses of {@link Records}. Whatever does not fit together is a
 * {@link DamagedEntryException}: the entry is made anew.
 *
 * @param table what there is beside the rows of a data set
 * @param notes sentences that came with examples
 * @param text the text of a memo
 * @param records how the records should be found
 */
public record CacheEntry(
        Table.@Nullable Facts table,
        List<String> notes,
        @Nullable String text,
        CacheEntry.@Nullable RecordFacts records) {
    public static final String FILE = "entry.json";
    public static final String RECORDS = "records";
    private static final String GROUPS = "groups";

    // Every character above ASCII as an escape: a column may be named by half a surrogate pair.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** All of {@link RecordFile.Facts} but the addresses, of which only the checksum is here. */
    public record RecordFacts(int size, long bytes, long checksum, int segmentBits, long groupsChecksum) {}

    public static CacheEntry memo(String text) {
        return new CacheEntry(null, List.of(), text, null);
    }

    public static CacheEntry examples(List<String> notes) {
        return new CacheEntry(null, notes, null, null);
    }

    public static CacheEntry rows(Table.Facts table) {
        return new CacheEntry(table, List.of(), null, null);
    }

    /** Writes all but {@code records}, which is there already if {@code facts} tell of it. */
    public void write(Path folder, RecordFile.@Nullable Facts facts) throws IOException {
        RecordFacts found = null;
        if (facts != null) {
            byte[] groups = bytes(facts.groups());
            store(folder.resolve(GROUPS), groups);
            found = new RecordFacts(
                    facts.size(), facts.bytes(), facts.checksum(), facts.segmentBits(), checksum(groups));
        }
        String line = JSON.writeValueAsString(new CacheEntry(table, notes, text, found));
        store(folder.resolve(FILE), (line + "\n" + sha256(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    public static CacheEntry read(Path folder) throws IOException {
        // Not readString: bytes that are no UTF-8 are damage, and must not look like a file that cannot be read.
        String content = new String(Files.readAllBytes(folder.resolve(FILE)), StandardCharsets.UTF_8);
        List<String> lines = content.lines().toList();
        if (lines.size() != 2 || !lines.get(1).equals(sha256(lines.get(0)))) {
            throw new DamagedEntryException(folder.resolve(FILE) + " is damaged");
        }
        try {
            return JSON.readValue(lines.get(0), CacheEntry.class);
        } catch (JacksonException e) {
            throw new DamagedEntryException(folder.resolve(FILE) + " is damaged", e);
        }
    }

    /** The records of this entry, mapped. */
    public Records open(Path folder, AutoCloseable keep) throws IOException {
        if (records == null) throw new DamagedEntryException(folder + " has no records");
        byte[] bytes = Files.readAllBytes(folder.resolve(GROUPS));
        if (checksum(bytes) != records.groupsChecksum) {
            throw new DamagedEntryException(folder.resolve(GROUPS) + " has another checksum");
        }
        long[] groups = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(groups);
        RecordFile.Facts facts =
                new RecordFile.Facts(records.size, records.bytes, records.checksum, groups, records.segmentBits);
        return RecordFile.open(folder.resolve(RECORDS), facts, keep);
    }

    private static void store(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            WholeBuffer.write(channel, ByteBuffer.wrap(content));
            channel.force(true);
        }
    }

    private static byte[] bytes(long[] groups) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(groups.length, Long.BYTES));
        bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(groups);
        return bytes.array();
    }

    private static long checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue();
    }

    private static String sha256(String line) {
        MessageDigest digest = Sha256.digest();
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(digest);
    }
}
