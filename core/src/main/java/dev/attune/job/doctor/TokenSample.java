package dev.attune.job.doctor;

import dev.attune.error.DataException;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/** A sample of a set in tokens: how long texts are, and what of them the tokenizer does not know. */
public final class TokenSample {
    private final SetScan set;
    private final Tokenizer tokenizer;
    private final int[] rows;
    private final int[] lengths;
    private final UnknownTokens unknown;

    private TokenSample(SetScan set, Tokenizer tokenizer) {
        this.set = set;
        this.tokenizer = tokenizer;
        this.rows = SampleRows.of(set);
        this.unknown = new UnknownTokens(tokenizer);
        this.lengths = IntStream.range(0, rows.length)
                .parallel()
                .map(i -> length(rows[i]))
                .filter(length -> length >= 0)
                .toArray();
    }

    /** Encodes the sample on all processors. */
    public static TokenSample of(SetScan set, Tokenizer tokenizer) {
        return new TokenSample(set, tokenizer);
    }

    /** -1 for a row that cannot be encoded; encoding it for a training tells why. */
    private int length(int row) {
        CheckedRows checked = set.rows();
        try {
            Encoding encoding = checked.encode(row, tokenizer);
            unknown.add(checked, row, encoding);
            return encoding.length();
        } catch (DataException e) {
            return -1;
        }
    }

    /** The rows of the sample; all that a training takes if they are few. */
    public int[] rows() {
        return rows;
    }

    /** What the tokens tell; nothing if there are none. */
    public List<Findings> findings(int maxLength) {
        if (lengths.length == 0) return List.of();
        boolean sampled = set.size() > SampleRows.MOST;
        Findings found = Lengths.of(lengths, maxLength, set.rows().cutsLongTexts(), sampled ? set.size() : 0);
        return List.of(found, unknown.findings());
    }
}
