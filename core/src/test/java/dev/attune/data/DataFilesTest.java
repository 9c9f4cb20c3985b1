package dev.attune.data;

import static dev.attune.data.DatasetTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.attune.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    private Path folder;

    @Test
    void csvValuesStayText() {
        Dataset data = csv("text,label\n123,1\ntrue,0\n2020-01-01,1\nNULL,0\nNA,1\n 007 ,0\n");
        assertThat(texts(data)).containsExactly("123", "true", "2020-01-01", "NULL", "NA", " 007 ");
        assertThat(data.value(0, "label")).isEqualTo("1");
        assertThat(data.name()).isEqualTo("train.csv");
    }

    @Test
    void emptyTextIsNotNull() {
        Dataset data = csv("text,label\n\"\",0\n,1\nx,\n");
        assertThat(texts(data)).containsExactly("", null, "x");
        assertThat(data.value(2, "label")).isNull();
    }

    @Test
    void lineNumbersFollowTheFileNotTheRows() {
        Dataset data = csv("text,label\n\"a\n\nb\",0\nc,1\n\n\"d\"\"q\"\"\",2\r\n\"e\r\nf\",3");
        assertThat(texts(data)).containsExactly("a\n\nb", "c", "d\"q\"", "e\nf");
        assertThat(data.where(0)).isEqualTo("train.csv line 2");
        assertThat(data.where(1)).isEqualTo("train.csv line 5");
        assertThat(data.where(2)).isEqualTo("train.csv line 7");
        assertThat(data.where(3)).isEqualTo("train.csv line 8");
        assertThat(data.split(0.25, 1).validation().where(0)).startsWith("train.csv line ");
    }

    @Test
    void oldMacLineEndsCountToo() {
        Dataset data = csv("text,label\rx,0\ry,1\r");
        assertThat(texts(data)).containsExactly("x", "y");
        assertThat(data.where(1)).isEqualTo("train.csv line 3");
    }

    @Test
    void byteOrderMarkAndOtherSeparators() {
        Dataset semicolon = csv("\uFEFFtext;label\nfoo, bar;1\n\"b;ar\";0\n");
        assertThat(semicolon.columns()).containsExactly("text", "label");
        assertThat(texts(semicolon)).containsExactly("foo, bar", "b;ar");
        assertThat(texts(csv("text\tlabel\na,b;c\t1\n"))).containsExactly("a,b;c");
        assertThat(texts(csv("text|label\na,b\t1|1\n"))).containsExactly("a,b\t1");
        assertThat(csv("\"a;b;c\",text\n1,2\n").columns()).containsExactly("a;b;c", "text");
    }

    @Test
    void headerNamesAreStrippedAndNamelessOnesNamed() {
        assertThat(csv("\n,text, label \n0,x,1\n").columns()).containsExactly("Unnamed: 0", "text", "label");
    }

    @Test
    void blankLinesMatterOnlyWithOneColumn() {
        Dataset data = csv("text\na\n\nb\n\n\n");
        assertThat(texts(data)).containsExactly("a", null, "b");
        assertThat(data.where(1)).isEqualTo("train.csv line 3");
        assertThat(data.where(2)).isEqualTo("train.csv line 4");
    }

    @Test
    void emojiAndCombiningMarksSurviveAnyBufferBorder() {
        String text = "é😀e\u0301".repeat(40_000);
        assertThat(texts(csv("text,label\n" + text + ",1\nx" + text + ",0\n"))).containsExactly(text, "x" + text);
    }

    @Test
    void tsvQuotesAreLettersUnlessTheyEncloseTheField() {
        Dataset data = read(
                "dev.tsv",
                "text\tlabel\n\"What\" he said\t1\n\"open\t0\n\"a \"\"b\"\" c\"\t1\n5\" x\t0\n\"\t1\n\"\"\t1\n");
        assertThat(texts(data)).containsExactly("\"What\" he said", "\"open", "a \"b\" c", "5\" x", "\"", "");
        assertThat(data.where(2)).isEqualTo("dev.tsv line 4");
    }

    @Test
    void raggedRows() {
        assertThatThrownBy(() -> csv("text,label\nfine,1\nb,r,0\n"))
                .isInstanceOf(DataException.class)
                .hasMessage("train.csv line 3: expected 2 fields (text, label), found 3."
                        + " Put a text that contains ',' in double quotes.");
        assertThatThrownBy(() -> csv("text,label\n\"a\nb\",1\nx\n"))
                .isInstanceOf(DataException.class)
                .hasMessage("train.csv line 4: expected 2 fields (text, label), found 1. Add the missing field.");
    }

    @Test
    void brokenQuotes() {
        assertThatThrownBy(() -> csv("text,label\nx,1\n\"never closed,1\ny,0\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv line 3: a quote is opened and never closed");
        assertThatThrownBy(() -> csv("text,label\n\"he \\\"said\\\" so\",1\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv line 2: 's' follows the closing quote")
                .hasMessageContaining("a backslash does not protect a quote");
        // The line of the quote, not that of the record.
        assertThatThrownBy(() -> csv("text,label\n\"a\n\nb\",\"open\nx,1\n"))
                .hasMessageContaining("train.csv line 4: a quote is opened and never closed");
        assertThatThrownBy(() -> csv("text,label\n\"a\n\nb\"c,1\n"))
                .hasMessageContaining("train.csv line 4: 'c' follows the closing quote");
    }

    @Test
    void duplicateHeader() {
        assertThatThrownBy(() -> csv("text,label,text\na,b,c\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv line 1: two columns are named 'text'");
    }

    @Test
    void emptyFileHeaderOnlyAndBlankLinesOnly() {
        assertThatThrownBy(() -> csv("")).isInstanceOf(DataException.class).hasMessageContaining("is empty (0 bytes)");
        assertThatThrownBy(() -> csv("text,label\n"))
                .isInstanceOf(DataException.class)
                .hasMessage("train.csv has no rows, only the columns text, label.");
        assertThatThrownBy(() -> csv("\n\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("only blank lines");
        assertThatThrownBy(() -> read("a.jsonl", "\n")).hasMessage("a.jsonl has no rows.");
        assertThatThrownBy(() -> read("a.json", "[]")).hasMessage("a.json has no rows.");
    }

    @Test
    void invalidUtf8HasItsPosition() throws IOException {
        Path file = folder.resolve("latin.csv");
        Files.write(file, "text,label\nfoo,1\nbär,0\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("latin.csv line 3 is not UTF-8: byte 0xE4 at offset 18");
        Files.write(file, new byte[] {'t', 'e', 'x', 't', '\n', 'a', (byte) 0xC3});
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .hasMessageContaining("line 2 is not UTF-8: byte 0xC3 at offset 6");
        Files.write(file, "\uFEFFtext\nx\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatThrownBy(() -> Datasets.read(file.toString())).hasMessageContaining("latin.csv is UTF-16, not UTF-8");
        Path json = folder.resolve("latin.json");
        Files.write(json, "[\n{\"text\": \"bär\"}]".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Datasets.read(json.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("latin.json line 2 is not UTF-8");
    }

    @Test
    void jsonLinesKeepTheirTypes() {
        Dataset data = read(
                "a.jsonl",
                "{\"text\": \"123\", \"label\": 1}\n\n"
                        + "{\"label\": 9007199254740993, \"x\": [1, 2.5, {\"y\": null}], \"text\": \"\"}\n"
                        + "{\"text\": null, \"label\": true}\n");
        assertThat(data.columns()).containsExactly("text", "label", "x");
        assertThat(texts(data)).containsExactly("123", "", null);
        assertThat(data.value(1, "label")).isEqualTo(9007199254740993L);
        assertThat(data.value(2, "label")).isEqualTo(true);
        assertThat(data.value(0, "x")).isNull();
        assertThat(data.value(1, "x")).isEqualTo(List.of(1L, 2.5, java.util.Collections.singletonMap("y", null)));
        assertThat(data.where(1)).isEqualTo("a.jsonl line 3");
        assertThat(texts(read("b.ndjson", "{\"text\":\"x\"}"))).containsExactly("x");
    }

    @Test
    void brokenJsonLineHasItsNumber() {
        assertThatThrownBy(() -> read("a.jsonl", "{\"text\": \"x\"}\n{\"text\": \"y\",}\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a.jsonl line 2 is not valid JSON")
                .hasMessageContaining("{\"text\": \"y\",}");
        assertThatThrownBy(() -> read("a.jsonl", "{\"a\": 1, \"a\": 2}\n"))
                .hasMessageContaining("line 1 is not valid JSON")
                .hasMessageContaining("Duplicate");
        assertThatThrownBy(() -> read("a.jsonl", "{\"a\": 1} {\"a\": 2}\n"))
                .hasMessageContaining("line 1 is not valid JSON");
        assertThatThrownBy(() -> read("a.jsonl", "{\"a\": 1}\n[1]\n"))
                .hasMessageContaining("a.jsonl line 2: expected an object")
                .hasMessageContaining("found [1]");
    }

    @Test
    void jsonArraysDataFieldsAndSequences() {
        Dataset array = read("a.json", "[\n  {\"text\": \"x\"},\n  {\"text\":\n \"y\"}, {\"text\": \"z\"}\n]\n");
        assertThat(texts(array)).containsExactly("x", "y", "z");
        assertThat(array.where(1)).isEqualTo("a.json line 3");
        assertThat(array.where(2)).isEqualTo("a.json line 4");
        assertThat(texts(read("b.json", "{\"version\": \"1.1\", \"data\": [{\"text\": \"x\"}, {\"text\": \"y\"}]}")))
                .containsExactly("x", "y");
        Dataset sequence = read("c.json", "{\"text\": \"x\"}\n{\"text\": \"y\"}\n");
        assertThat(texts(sequence)).containsExactly("x", "y");
        assertThat(sequence.where(1)).isEqualTo("c.json line 2");
        assertThatThrownBy(() -> read("d.json", "[\n{\"text\": \"x\"},\n{\"text\": }]"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("d.json line 3 is not valid JSON");
        assertThatThrownBy(() -> read("e.json", "[{\"a\": 1}] x")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read("f.json", "[{\"a\": 1}")).isInstanceOf(DataException.class);
    }

    @Test
    void textFilesAreOneTextPerLine() {
        Dataset data = read("wiki.txt", "one, \"two\"\n\nthree");
        assertThat(texts(data)).containsExactly("one, \"two\"", "", "three");
        assertThat(data.where(2)).isEqualTo("wiki.txt line 3");
    }

    /** A file of 65 KB that unpacks to one endless line, or to a quote that is never closed. */
    @Test
    void whatUnpacksToAnEndlessLineIsRefused() throws IOException {
        bomb(
                "bomb.jsonl.gz",
                "",
                "aaaaaaaaa",
                "line 1 has more than 67108864 characters. If the file is damaged, make it again");
        bomb("bomb.conll.gz", "A O\n\n", "aaaaaaaaa", "line 3 has more than 67108864 characters.");
        bomb("bomb.csv.gz", "text\n", "aaaa,aaaa", "line 2 has more than 67108864 characters.");
        bomb(
                "quote.csv.gz",
                "text\n\"",
                "aaaa\naaaa",
                "line 2: a quote is opened, and its field has more than 67108864");
    }

    private void bomb(String name, String start, String repeated, String message) throws IOException {
        Path file = folder.resolve(name);
        byte[] block = repeated.repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(start.getBytes(StandardCharsets.UTF_8));
            for (long written = 0; written < 70 << 20; written += block.length) out.write(block);
        }
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(name + " " + message);
    }

    @Test
    void gzip() throws IOException {
        Path file = folder.resolve("train.csv.gz");
        byte[] content = "text,label\n\"a\nb\",1\nc,0\n".getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
        }
        Dataset data = Datasets.read(file.toString());
        assertThat(texts(data)).containsExactly("a\nb", "c");
        assertThat(data.where(1)).isEqualTo("train.csv.gz line 4");
        assertThat(data.sha256())
                .isEqualTo(csv(new String(content, StandardCharsets.UTF_8)).sha256());

        byte[] packed = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(packed, packed.length - 12));
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("train.csv.gz")
                .hasMessageContaining("damaged or cut off");
        Files.writeString(file, "text,label\nx,1\n");
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("damaged or not gzip");
    }

    @Test
    void zstd() throws IOException {
        String plain = "text,label\n\"a\n\nb\",1\nc;é😀,0\n";
        Dataset data = zstd("train.csv.zst", plain);
        assertThat(texts(data)).containsExactly("a\n\nb", "c;é😀");
        assertThat(data.where(1)).isEqualTo("train.csv.zst line 5");
        assertThat(data.sha256()).isEqualTo(csv(plain).sha256());
        Dataset lines = zstd("a.jsonl.zst", "{\"text\":\"x\"}\n\n{\"text\":\"y\"}\n");
        assertThat(texts(lines)).containsExactly("x", "y");
        assertThat(lines.where(1)).isEqualTo("a.jsonl.zst line 3");
        String long1 = "x".repeat(40_000_000);
        assertThat(texts(zstd("long.txt.zst", long1 + "\ny\n"))).containsExactly(long1, "y");
    }

    @Test
    void zstdKeepsNulAndEveryLineEnd() throws IOException {
        assertThat(texts(zstd("nul.txt.zst", "a\0b\n\0\nc"))).containsExactly("a\0b", "\0", "c");
        Dataset rows = zstd("nul.csv.zst", "text,label\r\nx\0y,1\r\"a\0\r\nb\",0\n");
        assertThat(texts(rows)).containsExactly("x\0y", "a\0\nb");
        assertThat(rows.where(1)).isEqualTo("nul.csv.zst line 3");
    }

    /** As {@code cat a.zst b.zst} makes them, and as DuckDB writes them. */
    @Test
    void zstdOfSeveralFramesAndOfOtherWriters() throws Exception {
        Path file = folder.resolve("two.txt.zst");
        Files.write(file, Zstd.compress("a\nb".getBytes(StandardCharsets.UTF_8)));
        Files.write(file, Zstd.compress("c\nd\n".getBytes(StandardCharsets.UTF_8)), StandardOpenOption.APPEND);
        assertThat(texts(Datasets.read(file.toString()))).containsExactly("a", "bc", "d");
        Path other = folder.resolve("duck.csv.zst");
        duck("COPY (SELECT 'é😀' AS text, 1 AS label) TO '" + other + "' (FORMAT csv, COMPRESSION zstd)");
        assertThat(texts(Datasets.read(other.toString()))).containsExactly("é😀");
    }

    @Test
    void damagedZstd() throws IOException {
        write("bad.csv.zst", "text,label\nx,1\n");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("bad.csv.zst").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.csv.zst: it is damaged or not zstd (");
        Path file = folder.resolve("cut.jsonl.zst");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++)
            text.append("{\"text\": \"").append(i * 7919L).append("\"}\n");
        byte[] packed = Zstd.compress(text.toString().getBytes(StandardCharsets.UTF_8));
        for (int length : new int[] {1, 7, packed.length / 2, packed.length - 1}) {
            Files.write(file, Arrays.copyOf(packed, length));
            assertThatThrownBy(() -> Datasets.read(file.toString()))
                    .as(length + " of " + packed.length + " bytes")
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("cut.jsonl.zst: the compressed data is damaged or cut off (");
        }
        Arrays.fill(packed, packed.length / 2, packed.length / 2 + 40, (byte) 0x55);
        Files.write(file, packed);
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cut.jsonl.zst");
        Files.write(file, Zstd.compress("{\"text\": \"x\"}\nbär".getBytes(StandardCharsets.ISO_8859_1)));
        assertThatThrownBy(() -> Datasets.read(file.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cut.jsonl.zst line 2 is not UTF-8: byte 0xE4 at offset 15");
    }

    @Test
    void parquetWithNestedAnswers() throws SQLException {
        duck("COPY (SELECT * FROM (VALUES ('q1', 'c1', {'text': ['a', 'b'], 'answer_start': [1, 2]}, [0.5::FLOAT],"
                + " 7::TINYINT, 'x\"y'), ('q2', NULL, {'text': [], 'answer_start': []}, NULL, 8, ''))"
                + " t(question, context, answers, scores, label, text)) TO '%s' (FORMAT parquet)"
                        .formatted(folder.resolve("qa.parquet")));
        Dataset data = Datasets.read(folder.resolve("qa.parquet").toString());
        assertThat(data.columns()).containsExactly("question", "context", "answers", "scores", "label", "text");
        assertThat(data.value(0, "answers"))
                .isEqualTo(Map.of("text", List.of("a", "b"), "answer_start", List.of(1L, 2L)));
        assertThat(data.value(0, "scores")).isEqualTo(List.of(0.5));
        assertThat(data.value(1, "scores")).isNull();
        assertThat(data.value(1, "context")).isNull();
        assertThat(data.value(1, "label")).isEqualTo(8L);
        assertThat(texts(data)).containsExactly("x\"y", "");
        assertThat(data.where(1)).isEqualTo("qa.parquet row 2");
        write("bad.parquet", "not parquet");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("bad.parquet").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Cannot read")
                .hasMessageContaining("bad.parquet");
        duck("COPY (SELECT 1 AS x WHERE false) TO '%s' (FORMAT parquet)".formatted(folder.resolve("none.parquet")));
        assertThatThrownBy(() -> Datasets.read(folder.resolve("none.parquet").toString()))
                .hasMessage("none.parquet has no rows, only the columns x.");
    }

    @Test
    void patternsReadAllFilesInOrder() throws SQLException {
        write("part-2.csv", "label,text\n1,c\n");
        write("part-1.csv", "text,label\n\"a\nx\",1\nb,0\n");
        write("sub/part-3.jsonl", "\n{\"text\": \"d\", \"label\": \"2\"}\n");
        Dataset data = Datasets.read(folder.resolve("part-*.csv").toString());
        assertThat(texts(data)).containsExactly("a\nx", "b", "c");
        assertThat(data.value(2, "label")).isEqualTo("1");
        assertThat(data.where(1)).isEqualTo("part-1.csv line 4");
        assertThat(data.where(2)).isEqualTo("part-2.csv line 2");
        Dataset all = Datasets.read(folder + "/{*,sub/*}.{csv,jsonl}");
        assertThat(texts(all)).containsExactly("a\nx", "b", "c", "d");
        assertThat(all.where(3)).isEqualTo(Path.of("sub", "part-3.jsonl") + " line 2");
        assertThat(texts(Datasets.read(folder + "/**/part-[0-9].jsonl"))).containsExactly("d");
        write("part-4.csv", "text,intent\nx,y\n");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("part-*.csv").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "part-4.csv has the columns text, intent, but the sources before it have text, label");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("no*.csv").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("No file matches")
                .hasMessageContaining("Data files there: part-1.csv");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("nowhere/*.csv").toString()))
                .hasMessageContaining("does not exist");
    }

    @Test
    void aPatternThatIsNoneSaysSo() {
        assertThatThrownBy(() -> Datasets.read(folder.resolve("part-[1.csv").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("'part-[1.csv' is neither a file nor a possible pattern: Missing ']");
    }

    /**
     * Tests may run as root, who may read everything; but nobody can open a folder whose path is longer than the system
     * takes. It is made by moving one deep folder into another.
     */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatCannotBeReadIsNamed() throws IOException {
        String name = "x".repeat(200);
        Path upper = folder.resolve("upper");
        Path deep = upper;
        for (int i = 0; i < 12; i++) deep = deep.resolve(name);
        Files.createDirectories(deep);
        Path lower = folder.resolve("lower");
        Path bottom = lower;
        for (int i = 0; i < 12; i++) bottom = bottom.resolve(name);
        Files.createDirectories(bottom);
        Path moved = Files.move(lower, deep.resolve("lower"));
        try {
            assertThatThrownBy(() -> Datasets.read(upper + "/**/*.csv"))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith("Cannot search " + upper + " for '**/*.csv': the folder " + moved)
                    .hasMessageContaining(name + " cannot be read (")
                    .hasMessageEndingWith("Make it readable, or write a pattern that leaves it out.");
        } finally {
            Files.move(moved, lower); // so that the folder of the test can be deleted
        }
    }

    @Test
    void twoStarsAreAnyDepthAndHiddenFilesAreLeftOut() {
        write("sub/part-3.jsonl", "{\"text\": \"d\", \"label\": \"2\"}\n");
        write("part-0.jsonl", "{\"text\": \"top\", \"label\": \"2\"}\n");
        write("sub/deep/part-5.jsonl", "{\"text\": \"e\", \"label\": \"2\"}\n");
        write("._part-0.jsonl", "\0\5\26\7");
        write(".git/part-1.jsonl", "not json");
        assertThat(texts(Datasets.read(folder + "/**/*.jsonl"))).containsExactly("top", "e", "d");
        assertThat(texts(Datasets.read(folder + "/**/sub/**/*.jsonl"))).containsExactly("e", "d");
        assertThat(texts(Datasets.read(folder + "/*.jsonl"))).containsExactly("top");
        assertThatThrownBy(() -> Datasets.read(folder + "/.git/*.jsonl")).hasMessageContaining("not valid JSON");
        assertThatThrownBy(() -> Datasets.read(folder + "/**/.git/*.jsonl")).hasMessageContaining("not valid JSON");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileThatCannotBeReadIsClosed() throws IOException {
        Path file = folder.resolve("bad.csv");
        Files.write(file, new byte[] {'a', (byte) 0xFF, '\n'});
        assertThatThrownBy(() -> Datasets.read(file.toString())).isInstanceOf(DataException.class);
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(link -> pointsTo(link, file))).isEmpty();
        }
    }

    private static boolean pointsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void aFileWhoseNameLooksLikeAPatternIsAFile() {
        write("a[1].csv", "text,label\nx,1\n");
        assertThat(texts(Datasets.read(folder.resolve("a[1].csv").toString()))).containsExactly("x");
    }

    @Test
    void aFileWhoseNameLooksLikeSqlIsAFile() {
        write("with (notes).csv", "text,label\nx,1\n");
        assertThat(texts(Datasets.read(folder.resolve("with (notes).csv").toString())))
                .containsExactly("x");
        assertThatThrownBy(() -> Datasets.read("select-none.csv")).hasMessageStartingWith("No file 'select-none.csv'");
        assertThatThrownBy(() -> Datasets.read("from/none.csv")).hasMessageContaining("the folder");
    }

    @Test
    void charactersComeOneByOneToo() throws IOException {
        byte[] bytes = "a😀\0é".getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder();
        try (Utf8Reader reader = new Utf8Reader(new ByteArrayInputStream(bytes), "x", Long.MAX_VALUE)) {
            for (int c = reader.read(); c >= 0; c = reader.read()) text.append((char) c);
        }
        assertThat(text).hasToString("a😀\0é");
    }

    @Test
    void loneSurrogatesOfJsonEscapesArriveAsTheyAre() {
        assertThat(texts(read("a.jsonl", "{\"text\": \"a\\ud800b\\u0000\"}"))).containsExactly("a\ud800b\0");
    }

    @Test
    void missingFileSuggestsItsNeighbour() {
        write("train.csv", "text,label\nx,1\n");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("trian.csv").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("No file '")
                .hasMessageEndingWith("Did you mean \"train.csv\"?");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("zebra.parquet").toString()))
                .hasMessageEndingWith("Data files there: train.csv.");
        assertThatThrownBy(
                        () -> Datasets.read(folder.resolve("nowhere/train.csv").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the folder")
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Datasets.read(" ")).isInstanceOf(DataException.class);
    }

    @Test
    void folderUnknownTypeAndRemoteAddress() {
        write("train.csv", "text,label\nx,1\n");
        assertThatThrownBy(() -> Datasets.read(folder.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is a folder")
                .hasMessageContaining("Data files there: train.csv");
        write("sheet.xlsx", "PK");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("sheet.xlsx").toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Known endings are .csv, .tsv")
                .hasMessageContaining("Save the sheet as CSV");
        write("csv", "text\nx\n");
        assertThatThrownBy(() -> Datasets.read(folder.resolve("csv").toString()))
                .hasMessageContaining("Known endings");
        assertThatThrownBy(() -> Datasets.read("https://example.org/a*.csv"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("not fetched from the network");
    }

    private Dataset csv(String content) {
        return read("train.csv", content);
    }

    private Dataset read(String name, String content) {
        return Datasets.read(write(name, content).toString());
    }

    private Path write(String name, String content) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Dataset zstd(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, Zstd.compress(content.getBytes(StandardCharsets.UTF_8)));
        return Datasets.read(file.toString());
    }

    private static void duck(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
