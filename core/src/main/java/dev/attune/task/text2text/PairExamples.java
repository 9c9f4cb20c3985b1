package dev.attune.task.text2text;

import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.RowEncoder;
import dev.attune.task.TextEncoder;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** From pairs of texts to examples: the tokens of the one, and those of the other as its labels. */
final class PairExamples {
    private final Dataset rows;
    private final PairColumns columns;
    private final Text2TextSettings settings;
    private final TextEncoder sources;
    private final Tokenizer targets;
    private final LongAdder cut = new LongAdder();
    private final AtomicInteger firstCut = new AtomicInteger(Integer.MAX_VALUE);

    PairExamples(Dataset rows, PairColumns columns, Text2TextSettings settings, Tokenizer tokenizer, int maxLength) {
        this.rows = rows;
        this.columns = columns;
        this.settings = settings;
        this.sources = new TextEncoder(tokenizer, maxLength);
        this.targets = tokenizer.ofTargets();
    }

    void writeTo(EncodedSink sink) {
        new RowEncoder().encode(rows.size(), this::row, sink);
        sources.notes().forEach(note -> sink.note(Encoded.DATA + ": " + note));
        if (cut.sum() > 0) {
            sink.note(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d texts in \"%s\" are longer than %d tokens and were cut (the first is %s). Raise"
                            + " max_target_length.",
                    Encoded.DATA,
                    cut.sum(),
                    rows.size(),
                    columns.target(),
                    settings.maxTargetLength(),
                    Encoded.place(firstCut.get())));
        }
    }

    private Example row(int row) {
        TokenIds source =
                sources.encode(settings.prefix() + PairColumns.requiredText(rows, row, columns.source()), null);
        TokenIds target = targets.encodeIds(
                PairColumns.requiredText(rows, row, columns.target()), null, settings.maxTargetLength());
        if (target.truncated()) {
            cut.increment();
            firstCut.accumulateAndGet(row, Math::min);
        }
        return new Example(source.ids(), source.typeIds(), target.ids(), new float[0]);
    }

    /** What stands in the columns, for reports. */
    static List<String> quoted(PairColumns columns) {
        return columns.source().contains(".") || columns.target().contains(".")
                ? List.of()
                : List.of(columns.source(), columns.target());
    }
}
