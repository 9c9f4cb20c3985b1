package dev.attune.data;

import dev.attune.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of rows.
 *
 * @param seeds as texts
 */
public record DatasetFuzz(String reader, String file, List<String> texts, List<String> words, boolean json)
        implements FuzzTarget {

    public static DatasetFuzz csv() {
        return new DatasetFuzz(
                "csv",
                "input.csv",
                List.of(
                        "text,label\ngood,1\n\"a \"\"b\"\", c\",0\n",
                        "\uFEFFa;b\r\n1;2\r\n\r\n\"x\ny\";\u00e9\r\n",
                        "a\n\n1\n",
                        "a\tb\n1\t\"2\"\n"),
                List.of("\"\"", ",,", ";", "|", "\r", "\"\n", "\\\"", ",\"", "\",", "\u001a"),
                false);
    }

    public static DatasetFuzz tsv() {
        return new DatasetFuzz(
                "tsv",
                "input.tsv",
                List.of("a\tb\n1\t\"2\"\n\"x\"\"\t\"\n", "a\n\"\n\"\"\n"),
                List.of("\t\t", "\"\t", "\t\"", "\r"),
                false);
    }

    public static DatasetFuzz jsonRows() {
        return new DatasetFuzz(
                "json",
                "input.json",
                List.of(
                        "[{\"text\": \"a\", \"label\": 1}, {\"text\": null, \"x\": [1.5, true, {\"y\": 12345678901234567890}]}]",
                        "{\"data\": [{\"a\": 1}, {\"b\": \"\\u00e9\\ud83d\\ude00\"}]}",
                        "{\"a\": 1}\n{\"a\": -1e5}\n"),
                List.of("data", "NaN", "-Infinity", "1e400", "1e-400", "paragraphs", "{\"a\":1}"),
                true);
    }

    public static DatasetFuzz jsonLines() {
        return new DatasetFuzz(
                "jsonl",
                "input.jsonl",
                List.of(
                        "{\"text\": \"a\", \"label\": 1}\n\n{\"text\": \"b\", \"label\": [0, 1]}\r\n",
                        "{\"a\": {\"b\": {}}}"),
                List.of("\n{}\n", "{\"a\":", "NaN", "1e400"),
                true);
    }

    public static DatasetFuzz conll() {
        return new DatasetFuzz(
                "conll",
                "input.conll",
                List.of(
                        "-DOCSTART- -X- O O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n# text\nGerman JJ B-NP B-MISC\n",
                        "# id\nA\tO\nb c\tB-X\n\n#\tO\n"),
                List.of("\t", "\n\n", "#", "# a b", "-DOCSTART-", "\u00a0", "\u2003", " \t", "\u000b", "\f"),
                false);
    }

    public static DatasetFuzz squad() {
        return new DatasetFuzz(
                "squad",
                "input.json",
                List.of("""
                        {"version": "v2.0", "data": [{"title": "T", "paragraphs": [{"context": "Ann went home.", "qas": [
                          {"id": "1", "question": "Who?", "answers": [{"text": "Ann", "answer_start": 0}], "is_impossible": false},
                          {"id": 2, "question": "Why?", "answers": [], "is_impossible": true}]}]}]}
                        """, """
                        {"data": [{"paragraphs": []}, {"title": 3, "paragraphs": [{"context": "", "qas": [{"question": "", "is_impossible": true}]}]}]}
                        """),
                List.of(
                        "paragraphs",
                        "qas",
                        "context",
                        "answers",
                        "answer_start",
                        "is_impossible",
                        "title",
                        "1e30",
                        "data"),
                true);
    }

    @Override
    public List<byte[]> seeds() {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    @Override
    public void read(Path file) {
        Dataset rows = Datasets.read(file.toString());
        int width = rows.columns().size();
        for (int row = 0; row < rows.size() && width > 0; row++) {
            if (!rows.where(row).contains(file())) throw new AssertionError("row " + row + " is of " + rows.where(row));
            // A value is found by passing over those before it.
            for (int i = 0; i < Math.min(width, 50); i++)
                rows.value(row, rows.columns().get(i));
            rows.value(row, rows.columns().get(width - 1));
        }
        if (rows.sha256().length() != 64) throw new AssertionError(rows.sha256());
    }

    /** A row may be a few bytes, and a reader has its buffers. */
    @Override
    public long heap(int input) {
        return (64L << 20) + 2000L * input;
    }
}
