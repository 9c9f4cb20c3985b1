package dev.attune.task.text2text;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.Learned;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pairs for a doctor: what is to be learned of a text is another one. */
record PairsToCheck(Dataset rows, PairColumns pair, Text2TextSettings settings) implements CheckedRows {
    @Override
    public List<String> columns() {
        return List.of(pair.source());
    }

    @Override
    public @Nullable String text(int row, int ignored) {
        return PairColumns.text(rows, row, pair.source());
    }

    @Override
    public String lesson() {
        return "target";
    }

    @Override
    public Learned learned(int row) {
        String target = PairColumns.requiredText(rows, row, pair.target());
        return new Learned(target.strip(), new int[0]);
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<Findings> more(long[] counts) {
        return List.of();
    }

    @Override
    public Encoding encode(int row, Tokenizer tokenizer) {
        return tokenizer.encode(settings.prefix() + text(row, 0), null, Integer.MAX_VALUE);
    }

    @Override
    public String source(int row, Encoding encoding, int token) {
        return (settings.prefix() + text(row, 0)).substring(encoding.start(token), encoding.end(token));
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        return "to write \"" + tokenizer.ofTargets().decode(example.labels(), true) + "\"";
    }
}
