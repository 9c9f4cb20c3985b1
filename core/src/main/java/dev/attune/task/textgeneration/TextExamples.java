package dev.attune.task.textgeneration;

import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.RowEncoder;
import dev.attune.error.DataException;
import dev.attune.task.JoinedTexts;
import dev.attune.task.TextEncoder;
import dev.attune.task.TextRows;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.atomic.LongAdder;

/** From rows to examples for a causal language model; counts what had to be done to the texts. */
final class TextExamples {
    private final Dataset rows;
    /** Nothing is cut here: what is too long becomes several examples, or loses the end of its completion. */
    private final TextEncoder encoder;

    private final int maxLength;
    private final TextParts parts;
    private final TextGenerationSettings settings;
    private final OptionalInt end;

    private final LongAdder empty = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder spaced = new LongAdder();

    TextExamples(Dataset rows, Tokenizer tokenizer, int maxLength, TextParts parts, TextGenerationSettings settings) {
        this.rows = rows;
        this.encoder = new TextEncoder(tokenizer, Integer.MAX_VALUE);
        this.maxLength = maxLength;
        this.parts = parts;
        this.settings = settings;
        this.end = settings.endsTexts() ? tokenizer.eosTokenId() : OptionalInt.empty();
    }

    /** @throws DataException if nothing is left to learn */
    void writeTo(EncodedSink sink) {
        Counting counting = new Counting(sink);
        if (settings.groupTexts()) {
            JoinedTexts joined = new JoinedTexts(new Labelling(counting), maxLength);
            encode(joined);
            joined.flush();
        } else {
            encode(counting);
        }
        if (counting.examples == 0) {
            throw new DataException(rows.name() + ": there is nothing to learn: "
                    + (empty.sum() == rows.size()
                            ? "all texts in column \""
                                    + parts.columns().get(parts.columns().size() - 1) + "\" are empty."
                            : "no completion is left within " + maxLength + " tokens. Raise max_length."));
        }
        notes(sink);
    }

    private void encode(EncodedSink sink) {
        new RowEncoder().encodeSeveral(rows.size(), this::row, sink);
    }

    private List<Example> row(int row) {
        return parts.completion() == null ? whole(row) : halves(row, parts.completion());
    }

    private List<Example> whole(int row) {
        String text = TextRows.textOrNull(rows, row, parts.text());
        if (text == null || text.isBlank()) { // files of plain text have empty lines between paragraphs
            empty.increment();
            return List.of();
        }
        int[] ids = ended(encoder.encode(text, null).ids());
        if (settings.groupTexts()) return List.of(example(ids, ids.length)); // labelled when they are joined
        if (ids.length > maxLength) cut.increment();
        List<Example> pieces = new ArrayList<>();
        for (int from = 0; from < ids.length; from += maxLength) {
            int[] piece = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + maxLength));
            if (piece.length > 1) pieces.add(example(piece, 0)); // one token alone has nothing to guess
        }
        return pieces;
    }

    private List<Example> halves(int row, String completionColumn) {
        String prompt = TextRows.text(rows, row, parts.text());
        String completion = TextRows.textOrNull(rows, row, completionColumn);
        if (completion == null || completion.isBlank()) {
            empty.increment();
            return List.of();
        }
        String text = prompt + completion;
        if (Character.isWhitespace(prompt.charAt(prompt.length() - 1))
                && !Character.isWhitespace(completion.charAt(0))) {
            spaced.increment();
        }
        Encoding encoding = encoder.encodePlaces(text);
        int[] ids = ended(encoding.ids());
        int from = 0;
        while (from < encoding.length() && !isOf(encoding, from, prompt.length())) from++;
        if (ids.length > maxLength) {
            if (from >= maxLength) {
                lost.increment();
                return List.of();
            }
            cut.increment();
            ids = Arrays.copyOf(ids, maxLength);
        }
        return List.of(example(ids, from));
    }

    /** Whether a token is of the completion; one of both parts is. */
    private static boolean isOf(Encoding encoding, int token, int promptLength) {
        return encoding.sequenceIds()[token] == 0 && encoding.end(token) > promptLength;
    }

    private int[] ended(int[] ids) {
        if (end.isEmpty() || ids.length > 0 && ids[ids.length - 1] == end.getAsInt()) return ids;
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = end.getAsInt();
        return ended;
    }

    private static Example example(int[] ids, int from) {
        return new Example(ids, new int[ids.length], TextGenerationTask.labels(ids, from), new float[0]);
    }

    private void notes(EncodedSink sink) {
        note(sink, empty, "%s: %,d of %,d texts are empty and were left out.");
        if (parts.completion() == null) {
            String pieces =
                    "%s: %,d of %,d texts are longer than " + maxLength + " tokens and became several examples.";
            if (!settings.groupTexts()) note(sink, cut, pieces);
        } else {
            note(sink, cut, "%s: %,d of %,d texts are longer than " + maxLength + " tokens: their completion was cut.");
            note(
                    sink,
                    lost,
                    "%s: %,d of %,d prompts alone have " + maxLength + " tokens or more: nothing of their completion is"
                            + " left, so they were left out. Raise max_length, or shorten them.");
            note(
                    sink,
                    spaced,
                    "%s: %,d of %,d prompts end with a space. Many vocabularies have words with the space before them: put"
                            + " it at the beginning of the completion.");
        }
        encoder.notes(Encoded.DATA + ": ", String.format(Locale.ROOT, " of %,d", rows.size()), "")
                .forEach(sink::note);
        if (settings.endsTexts() && end.isEmpty()) {
            sink.note("The tokenizer has no token that ends a text (eos_token), so a model cannot learn to stop.");
        }
    }

    private void note(EncodedSink sink, LongAdder count, String sentence) {
        if (count.sum() == 0) return;
        sink.note(String.format(Locale.ROOT, sentence, Encoded.DATA, count.sum(), rows.size()));
    }

    private static class Counting implements EncodedSink {
        private final EncodedSink sink;
        private long examples;

        Counting(EncodedSink sink) {
            this.sink = sink;
        }

        @Override
        public void add(int row, Example example) {
            examples++;
            sink.add(row, example);
        }

        @Override
        public void note(String sentence) {
            sink.note(sentence);
        }
    }

    /** Gives joined texts their labels. */
    private record Labelling(EncodedSink sink) implements EncodedSink {
        @Override
        public void add(int row, Example example) {
            if (example.length() > 1) sink.add(row, example(example.ids(), 0));
        }

        @Override
        public void note(String sentence) {
            sink.note(sentence);
        }
    }
}
