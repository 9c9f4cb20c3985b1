package dev.attune.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attune.data.store.CacheFolder;
import dev.attune.data.store.CacheLimit;
import dev.attune.data.store.DamagedEntryException;
import dev.attune.data.store.FileStamps;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.StoppedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCacheTest {
    /** Examples that do not stay in the heap: some 3 MB. */
    static final int MANY = 60_000;

    private static final long GIB = 1L << 30;
    private static final String KEY = "a".repeat(64);
    private static final String OTHER = "b".repeat(64);

    @TempDir
    Path temp;

    private Path home;
    private DataCache cache;

    @BeforeEach
    void open() {
        home = temp.resolve("home/data");
        cache = DataCache.at(home, GIB);
    }

    static EncodedSource examples(int count) {
        return sink -> {
            for (int i = 0; i < count; i++) {
                int[] ids = new int[20];
                for (int j = 0; j < 20; j++) ids[j] = i * 31 % 20_000 + j;
                sink.add(i, new Example(ids, new int[20], new int[] {i % 7}, new float[0]));
            }
            sink.note("note of " + count);
        };
    }

    private static final EncodedSource NEVER = sink -> {
        throw new AssertionError("made again");
    };

    private List<Path> entries(String kind) throws IOException {
        if (!Files.exists(home)) return List.of();
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind))
                    .toList();
        }
    }

    @Test
    void examplesAreEncodedOnce() throws IOException {
        Encoded first = cache.encoded(KEY, examples(MANY));
        assertThat(first.fromCache()).isFalse();
        assertThat(first.kept()).isTrue();
        assertThat(first.notes()).containsExactly("note of " + MANY);
        Encoded again = DataCache.at(home, GIB).encoded(KEY, NEVER);
        assertThat(again.fromCache()).isTrue();
        assertThat(again.notes()).containsExactly("note of " + MANY);
        assertThat(again.examples().size()).isEqualTo(MANY);
        for (int i = 0; i < MANY; i += 997) {
            ExampleStoreTest.assertSame(
                    again.examples().get(i, 0), first.examples().get(i, 0));
            assertThat(again.examples().get(i, 0).ids()[0]).isEqualTo(i * 31 % 20_000);
        }
        Encoded other = cache.encoded(OTHER, examples(MANY + 1));
        assertThat(other.examples().size()).isEqualTo(MANY + 1);
        assertThat(entries("examples")).hasSize(2);
        assertThat(entries("unfinished")).isEmpty();
        assertThat(entries("discarded")).isEmpty();
    }

    @Test
    void placesComeFromTheData() {
        Dataset data = Datasets.of(
                "x",
                java.util.stream.IntStream.range(0, 3)
                        .mapToObj(i -> java.util.Map.of("a", i))
                        .toList());
        Encoded encoded = cache.encoded(KEY, examples(3)).from(data.select(new int[] {2, 0, 1}));
        assertThat(encoded.examples().where(0)).isEqualTo("row 3");
        assertThat(encoded.examples().lengths()).containsExactly(20, 20, 20);
    }

    /** A copy under another name has the same examples. */
    @Test
    void notesNameTheDataThatIsRead() {
        EncodedSource source = sink -> {
            examples(MANY).writeTo(sink);
            sink.note(Encoded.DATA + ": 2 texts were cut (the first is " + Encoded.place(1) + ").");
        };
        List<Map<String, Object>> rows = List.of(Map.of("a", 1), Map.of("a", 2));
        Encoded first = cache.encoded(KEY, source).from(Datasets.of("a.csv", rows));
        assertThat(first.notes()).containsExactly("note of " + MANY, "a.csv: 2 texts were cut (the first is row 2).");
        Dataset copy = Datasets.of("$1.csv", rows).select(new int[] {1, 0});
        assertThat(cache.encoded(KEY, NEVER).from(copy).notes())
                .containsExactly("note of " + MANY, copy.name() + ": 2 texts were cut (the first is row 1).");
    }

    @Test
    void fewExamplesHaveNoEntry() throws IOException {
        assertThat(cache.encoded(KEY, examples(100)).examples().size()).isEqualTo(100);
        assertThat(cache.encoded(KEY, examples(101)).examples().size()).isEqualTo(101);
        assertThat(entries("examples")).isEmpty();
        assertThat(home.resolve("locks")).isEmptyDirectory();
    }

    @Test
    void offKeepsNothing() {
        for (int i = 0; i < 2; i++) {
            Encoded encoded = DataCache.off().encoded(KEY, examples(MANY + i));
            assertThat(encoded.fromCache()).isFalse();
            assertThat(encoded.kept()).isFalse();
            assertThat(encoded.examples().size()).isEqualTo(MANY + i);
            int times = i;
            assertThat(DataCache.off().memo(KEY, () -> "text " + times)).isEqualTo("text " + i);
        }
        assertThat(DataCache.at(home, 0).encoded(KEY, examples(MANY)).examples().size())
                .isEqualTo(MANY);
        assertThat(home).doesNotExist();
    }

    @Test
    void memosAreKept() throws IOException {
        String text = "{\"labels\": [\"\u00e4\", \"\ud83d\ude00\"]}\nand a line";
        assertThat(cache.memo(KEY, () -> text)).isEqualTo(text);
        assertThat(cache.memo(KEY, () -> "other")).isEqualTo(text);
        assertThat(cache.memo(OTHER, () -> "other")).isEqualTo("other");
        Path entry = home.resolve("memo-1-" + KEY).resolve("entry.json");
        Files.writeString(entry, Files.readString(entry).replace("line", "lime"));
        assertThat(cache.memo(KEY, () -> "new")).isEqualTo("new");
        assertThat(cache.memo(KEY, () -> "newer")).isEqualTo("new");
        assertThatThrownBy(() -> cache.memo("../x", () -> "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        DataException bad = new DataException("train.csv line 3: no text");
        assertThatThrownBy(() -> cache.encoded(KEY, sink -> {
                    examples(MANY).writeTo(sink);
                    throw bad;
                }))
                .isSameAs(bad);
        assertThat(entries("examples")).isEmpty();
        assertThat(entries("unfinished")).isEmpty();
        assertThat(cache.encoded(KEY, examples(MANY)).fromCache()).isFalse();
    }

    @Test
    void damagedEntriesAreMadeAnew() throws IOException {
        Path folder = home.resolve("examples-1-" + KEY);
        List<Damage> damages = List.of(
                () -> Files.delete(folder.resolve("records")),
                () -> Files.delete(folder.resolve("groups")),
                () -> Files.delete(folder.resolve("entry.json")),
                () -> Files.writeString(folder.resolve("entry.json"), ""),
                () -> truncate(folder.resolve("entry.json"), 20),
                () -> truncate(folder.resolve("records"), 1),
                () -> truncate(folder.resolve("groups"), 8),
                () -> flip(folder.resolve("entry.json"), 5),
                () -> flip(folder.resolve("groups"), 80),
                () -> flip(folder.resolve("records"), 12345),
                () -> Files.write(folder.resolve("records"), new byte[] {1}, java.nio.file.StandardOpenOption.APPEND));
        for (int i = 0; i < damages.size(); i++) {
            assertThat(cache.encoded(KEY, examples(MANY)).fromCache())
                    .as("before damage %d", i)
                    .isEqualTo(false);
            cache.encoded(KEY, NEVER).examples().close();
            damages.get(i).inflict();
            Encoded anew = cache.encoded(KEY, examples(MANY));
            assertThat(anew.fromCache()).as("damage %d", i).isFalse();
            assertThat(anew.examples().get(MANY - 1, 0).labels()).containsExactly((MANY - 1) % 7);
            anew.examples().close();
            cache.encoded(KEY, NEVER).examples().close();
            delete(folder);
        }
    }

    @FunctionalInterface
    private interface Damage {
        void inflict() throws IOException;
    }

    private static void truncate(Path file, int bytes) throws IOException {
        byte[] content = Files.readAllBytes(file);
        replace(file, Arrays.copyOf(content, content.length - bytes));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[at] ^= 4;
        replace(file, content);
    }

    /** A new file: cutting one that is mapped would be the end of the process. */
    private static void replace(Path file, byte[] content) throws IOException {
        Files.delete(file);
        Files.write(file, content);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) Files.delete(file);
        }
        Files.delete(folder);
    }

    @Test
    void threadsMakeAnEntryOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Callable<Encoded> task = () -> DataCache.at(home, GIB).encoded(KEY, sink -> {
            made.incrementAndGet();
            examples(MANY).writeTo(sink);
        });
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            for (Future<Encoded> encoded : pool.invokeAll(List.of(task, task, task, task))) {
                assertThat(encoded.get().examples().get(5, 0).labels()).containsExactly(5);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void processesMakeAnEntryOnceAndOneThatDiesHarmsNobody() throws Exception {
        Path log = temp.resolve("log");
        assertThat(process(log, KEY, "die").waitFor()).isEqualTo(7);
        assertThat(Files.readString(log)).isEqualTo("made\n");
        List<Process> processes = List.of(process(log, KEY, "end"), process(log, KEY, "end"));
        for (Process process : processes) assertThat(process.waitFor()).isZero();
        String result = MANY + " " + 17 * 31 + "\n";
        assertThat(Files.readString(log)).isEqualTo("made\n" + "made\n" + result + result);
        assertThat(cache.encoded(KEY, NEVER).fromCache()).isTrue();
    }

    @Test
    void whatAnotherProcessUsesStays() throws Exception {
        Path log = temp.resolve("log");
        Process holder = process(log, KEY, "hold");
        try {
            while (!Files.exists(log) || Files.readString(log).lines().count() < 2) {
                assertThat(holder.isAlive()).isTrue();
                Thread.sleep(10);
            }
            DataCache small = DataCache.at(home, 1000);
            small.encoded(OTHER, examples(MANY)).examples().close();
            small.encoded("c".repeat(64), examples(MANY)).examples().close();
            assertThat(entries("examples"))
                    .extracting(Path::getFileName)
                    .extracting(Path::toString)
                    .containsExactlyInAnyOrder("examples-1-" + KEY, "examples-1-" + "c".repeat(64));
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        DataCache.at(home, 1000).memo(KEY, () -> "x"); // makes room; the lease of the dead process does not count
        assertThat(entries("examples")).isEmpty();
        try (Stream<Path> leases = Files.list(home.resolve("leases"))) {
            assertThat(leases).isEmpty();
        }
    }

    private Process process(Path log, String key, String end) throws IOException {
        return CacheProcess.command(CacheProcess.class, "-Xmx256m", home.toString(), log.toString(), key, end)
                .inheritIO()
                .start();
    }

    @Test
    void theLeastRecentlyUsedGoesFirst() throws Exception {
        String[] keys = new String[4];
        for (int i = 0; i < 3; i++) {
            keys[i] = String.valueOf((char) ('a' + i)).repeat(64);
            cache.encoded(keys[i], examples(MANY)).examples().close();
            Path file = home.resolve("examples-1-" + keys[i]).resolve("entry.json");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100 - i)));
        }
        long each;
        try (Stream<Path> files = Files.list(home.resolve("examples-1-" + keys[0]))) {
            each = files.mapToLong(file -> file.toFile().length()).sum();
        }
        cache.encoded(keys[0], NEVER).examples().close(); // used now: the second is the oldest
        keys[3] = "d".repeat(64);
        DataCache bounded = DataCache.at(home, 3 * each + 1000);
        try (Examples held = bounded.encoded(keys[3], examples(MANY)).examples()) {
            assertThat(entries("examples-1-b")).isEmpty();
            assertThat(entries("examples")).hasSize(3);
            DataCache.at(home, 1).memo(KEY, () -> "x");
            assertThat(entries("examples")).containsExactly(home.resolve("examples-1-" + keys[3]));
            assertThat(held.get(3, 0).labels()).containsExactly(3);
        }
        DataCache.at(home, 1).memo(OTHER, () -> "x");
        assertThat(entries("examples")).isEmpty();
    }

    @Test
    void whatDeadProcessesLeftIsRemoved() throws IOException {
        cache.memo(KEY, () -> "x");
        Path old = Files.createDirectory(home.resolve("unfinished-" + UUID.randomUUID()));
        Files.writeString(old.resolve("records"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(1000)));
        Path young = Files.createDirectory(home.resolve("unfinished-" + UUID.randomUUID()));
        Files.createDirectory(home.resolve("discarded-" + UUID.randomUUID()));
        cache.memo(OTHER, () -> "x");
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(entries("discarded")).isEmpty();
    }

    /** ATTUNE_HOME may be a project with a folder {@code data} of its own. */
    @Test
    void whatOthersKeepInTheFolderStays() throws IOException {
        List<String> names = List.of(
                "images/cat.png",
                "unfinished-novel/1.txt",
                "discarded-1/x",
                "rows-1-x/records",
                "locks/mine",
                "leases/x");
        for (String name : names) {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "mine");
            for (Path old : List.of(file, file.getParent())) {
                Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
            }
        }
        DataCache small = DataCache.at(home, 1);
        small.memo(KEY, () -> "x");
        small.memo(OTHER, () -> "x");
        for (String name : names) assertThat(home.resolve(name)).hasContent("mine");
        assertThat(entries("memo")).containsExactly(home.resolve("memo-1-" + OTHER));
    }

    /** As with too many open files: what cannot be read now may be read by the next run. */
    @Test
    void anEntryThatCannotBeReadNowStays() throws IOException {
        cache.encoded(KEY, examples(MANY)).examples().close();
        Path folder = home.resolve("examples-1-" + KEY);
        Path groups = folder.resolve("groups");
        Path aside = Files.move(groups, temp.resolve("groups"));
        Files.createDirectory(groups); // which gives an IOException when it is read as a file
        assertThatThrownBy(() -> new CacheFolder(home, GIB).find("examples-1-" + KEY, CacheFolder.Found::records))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(DamagedEntryException.class);
        Encoded anew = cache.encoded(KEY, examples(MANY));
        assertThat(anew.kept()).isFalse();
        assertThat(anew.examples().get(9, 0).labels()).containsExactly(2);
        Files.delete(groups);
        Files.move(aside, groups);
        assertThat(cache.encoded(KEY, NEVER).fromCache()).isTrue();
    }

    @Test
    void anInterruptLeavesTheEntry() throws IOException {
        cache.encoded(KEY, examples(MANY)).examples().close();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> cache.encoded(KEY, NEVER)).isInstanceOf(StoppedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(cache.encoded(KEY, NEVER).fromCache()).isTrue();
    }

    @Test
    void aFolderThatCannotBeWrittenToIsNotNeeded() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "not a folder");
        DataCache useless = DataCache.at(file.resolve("data"), GIB);
        assertThat(useless.encoded(KEY, examples(MANY)).examples().get(9, 0).labels())
                .containsExactly(2);
        assertThat(useless.memo(KEY, () -> "x")).isEqualTo("x");
        Dataset data = Datasets.read(csv("big.csv", 0).toString(), useless);
        assertThat(data.size()).isEqualTo(ROWS);
    }

    @Test
    void entriesAreForTheirOwnerOnly() throws IOException {
        cache.memo(KEY, () -> "x");
        Path open = Files.createDirectories(temp.resolve("open"));
        DataCache.at(open, GIB).memo(KEY, () -> "x");
        if (!home.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
        for (Path folder : List.of(home, home.resolve("memo-1-" + KEY), open.resolve("memo-1-" + KEY))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
    }

    private static final int ROWS = 40_000;

    /** A file of more than 1 MB; {@code variant} changes letters, not the size. Its time stamp lies in the past. */
    private Path csv(String name, int variant) throws IOException {
        StringBuilder text = new StringBuilder("text,label\n");
        for (int i = 0; i < ROWS; i++) {
            text.append((char) ('a' + variant))
                    .append(" text of some words ")
                    .append(i)
                    .append(",l")
                    .append(i % 3);
            text.append('\n');
        }
        Path file = temp.resolve(name);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        return file;
    }

    @Test
    void anUnchangedFileIsNotReadAgain() throws IOException {
        Path file = csv("a.csv", 0);
        Dataset first = Datasets.read(file.toString(), cache);
        assertThat(first.sha256()).isEqualTo(Datasets.read(file.toString()).sha256());
        csv("a.csv", 1); // other letters, same size and time stamp: nobody can see it without reading
        Dataset again = Datasets.read(file.toString(), cache);
        assertThat(again.value(0, "text")).isEqualTo("a text of some words 0");
        assertThat(again.sha256()).isEqualTo(first.sha256());
        assertThat(again.columns()).isEqualTo(first.columns());
        assertThat(again.name()).isEqualTo("a.csv");
        assertThat(again.where(ROWS - 1)).isEqualTo("a.csv line " + (ROWS + 1));
        assertThat(again.select(new int[] {7}).sha256())
                .isEqualTo(first.select(new int[] {7}).sha256());
        assertThat(Datasets.read(file.toString()).value(0, "text")).isEqualTo("b text of some words 0");
    }

    @Test
    void aChangedFileIsReadAgain() throws IOException {
        Path file = csv("a.csv", 0);
        Datasets.read(file.toString(), cache);
        csv("a.csv", 1);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00.001Z")));
        assertThat(Datasets.read(file.toString(), cache).value(0, "text")).isEqualTo("b text of some words 0");
        csv("a.csv", 2);
        Files.writeString(file, Files.readString(file) + "more,l1\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Dataset longer = Datasets.read(file.toString(), cache);
        assertThat(longer.value(0, "text")).isEqualTo("c text of some words 0");
        assertThat(longer.size()).isEqualTo(ROWS + 1);
        assertThat(entries("rows")).hasSize(3);
    }

    @Test
    void aFileWrittenJustNowIsNotTrusted() throws IOException {
        Path file = csv("a.csv", 0);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        assertThat(Datasets.read(file.toString(), cache).size()).isEqualTo(ROWS);
        assertThat(entries("rows")).isEmpty();
        assertThat(entries("unfinished")).isEmpty();
    }

    @Test
    void aFileThatChangesWhileItIsReadIsNotKept() throws IOException {
        Path file = csv("a.csv", 0);
        FileStamps stamps = FileStamps.of(List.of(file), List.of("a.csv"));
        Dataset data = cache.rows("a.csv", stamps, table -> {
            for (int i = 0; i < ROWS; i++) table.row(Map.of("text", "a text of some words " + i), i + 1);
            try {
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2021-01-01T00:00:00Z")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(data.size()).isEqualTo(ROWS);
        assertThat(data.value(ROWS - 1, "text")).isEqualTo("a text of some words " + (ROWS - 1));
        assertThat(entries("rows")).isEmpty();
        assertThat(entries("unfinished")).isEmpty();
    }

    @Test
    void smallFilesAndQueriesAreReadAgain() throws IOException {
        Path file = Files.writeString(temp.resolve("small.csv"), "text\na\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(Datasets.read(file.toString(), cache).value(0, "text")).isEqualTo("a");
        Files.writeString(file, "text\nb\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(Datasets.read(file.toString(), cache).value(0, "text")).isEqualTo("b");
        Path large = csv("large.csv", 0);
        String query = "SELECT text FROM '" + large + "'";
        assertThat(Datasets.read(query, cache).value(0, "text")).isEqualTo("a text of some words 0");
        csv("large.csv", 1);
        assertThat(Datasets.read(query, cache).value(0, "text")).isEqualTo("b text of some words 0");
        assertThat(entries("rows")).isEmpty();
    }

    @Test
    void severalFilesAreOneEntry() throws IOException {
        csv("part-1.csv", 0);
        csv("part-2.csv", 1);
        String pattern = temp + "/part-*.csv";
        Dataset first = Datasets.read(pattern, cache);
        Dataset again = Datasets.read(pattern, cache);
        assertThat(entries("rows")).hasSize(1);
        assertThat(again.sha256()).isEqualTo(first.sha256());
        assertThat(again.where(ROWS)).isEqualTo("part-2.csv line 2");
        csv("part-3.csv", 2);
        assertThat(Datasets.read(pattern, cache).size()).isEqualTo(3 * ROWS);
    }

    @Test
    void aBadFileIsAnErrorEachTime() throws IOException {
        Path file = csv("a.csv", 0);
        Files.writeString(file, Files.readString(file) + "x,y,z\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Datasets.read(file.toString(), cache))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("a.csv line " + (ROWS + 2));
        }
        assertThat(entries("rows")).isEmpty();
        assertThat(entries("unfinished")).isEmpty();
    }

    @Test
    void limitsAreSizes() {
        assertThat(CacheLimit.parse("10G")).isEqualTo(10 * GIB);
        assertThat(CacheLimit.parse(" 500 mb ")).isEqualTo(500L << 20);
        assertThat(CacheLimit.parse("2TiB")).isEqualTo(2L << 40);
        assertThat(CacheLimit.parse("1048576")).isEqualTo(1 << 20);
        assertThat(CacheLimit.parse("0")).isZero();
        for (String bad : List.of("", "x", "-1", "1.5G", "10P", "99999999T")) {
            assertThatThrownBy(() -> CacheLimit.parse(bad))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("ATTUNE_CACHE_LIMIT is \"" + bad + "\"");
        }
        assertThat(CacheLimit.standard(home)).isBetween(1L, 20 * GIB);
    }
}
