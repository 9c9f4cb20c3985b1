package dev.attune.task.fillmask;

import dev.attune.data.Columns;
import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.data.RowEncoder;
import dev.attune.error.DataException;
import dev.attune.io.Sha256;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.task.CheckedRows;
import dev.attune.task.Description;
import dev.attune.task.JoinedTexts;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.TextRows;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * The column of the texts, and its rows as examples.
 *
 * @param settings with the column
 * @param seed decides what is hidden in training. Evaluations always hide the same, so that their numbers can be compared
 *     with each other, whatever seed a model was trained with.
 */
record FillMaskData(FillMaskSettings settings, String column, TaskOptions options, long seed) implements TaskData {
    @Override
    public Map<String, ?> record() {
        return Map.of("columns", Map.of("text", column));
    }

    @Override
    public String columns() {
        return "text from " + column;
    }

    @Override
    public List<String> notes() {
        return settings.wholeWordMask() && settings.maskReplaceProb() < 1
                ? List.of("whole_word_mask: all tokens of a chosen word become the mask;"
                        + " mask_replace_prob and random_replace_prob do not apply.")
                : List.of();
    }

    @Override
    public Head head() {
        return Head.MASKED_LM;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        return pretrained;
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        Columns.require(rows, column);
        Masking masking = new Masking(settings, tokenizer, part == Part.TRAIN ? seed : TaskInput.SEED);
        // Texts are kept whole: other shares of hidden tokens need no other file.
        String key = Sha256.of(List.of(
                "fill-mask 2",
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                Boolean.toString(settings.lineByLine()),
                Boolean.toString(settings.wholeWordMask()),
                column));
        Encoded whole = cache.encoded(key, sink -> encode(rows, tokenizer, maxLength, sink))
                .from(rows);
        Examples masked = new MaskedExamples(whole.examples(), masking);
        // The same is hidden in every evaluation: one without anything to guess is known before the training.
        if (part != Part.TRAIN && nothingHidden(masked)) {
            masked.close();
            throw new DataException(
                    rows.name() + ": not a single token was chosen to be guessed, so there is nothing to"
                            + " evaluate. Raise mlm_probability, or give more text.");
        }
        return new Encoded(masked, whole.notes(), whole.fromCache(), whole.kept());
    }

    private static boolean nothingHidden(Examples examples) {
        return IntStream.range(0, examples.size())
                .allMatch(i -> Arrays.stream(examples.get(i, 0).labels()).allMatch(label -> label == Masking.NONE));
    }

    private void encode(Dataset rows, Tokenizer tokenizer, int maxLength, EncodedSink sink) {
        if (settings.lineByLine()) {
            encodeTexts(rows, tokenizer, maxLength, sink);
        } else {
            JoinedTexts joined = new JoinedTexts(sink, maxLength);
            encodeTexts(rows, tokenizer, Integer.MAX_VALUE, joined);
            joined.flush();
        }
    }

    private void encodeTexts(Dataset rows, Tokenizer tokenizer, int maxLength, EncodedSink sink) {
        TextRows texts = new TextRows(rows, tokenizer, maxLength);
        LongAdder empty = new LongAdder();
        new RowEncoder()
                .encodeSeveral(
                        rows.size(),
                        row -> {
                            if (isEmpty(rows, row)) {
                                empty.increment();
                                return List.of();
                            }
                            if (settings.wholeWordMask())
                                return List.of(WholeWords.example(texts.encodePlaces(row, column)));
                            TokenIds tokens = texts.encode(row, column, null);
                            return List.of(new Example(tokens.ids(), tokens.typeIds(), new int[0], new float[0]));
                        },
                        sink);
        if (empty.sum() == rows.size()) {
            throw new DataException(rows.name() + ": all texts in column \"" + column + "\" are empty.");
        }
        if (empty.sum() > 0) {
            sink.note(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d texts are empty and were left out.",
                    Encoded.DATA,
                    empty.sum(),
                    rows.size()));
        }
        texts.notes().forEach(sink::note);
    }

    /** Files of plain text have empty lines between paragraphs. */
    private boolean isEmpty(Dataset rows, int row) {
        Object value = rows.value(row, column);
        return value == null || value instanceof String text && text.isBlank();
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        int words = tokenizer.highestTokenId() + 1;
        // An example of joined texts is no row that could be quoted.
        List<String> quoted = settings.lineByLine() ? List.of(column) : List.of();
        int batchTokens = FillMaskTask.batchTokens(words, settings.mlmProbability());
        return new FillMaskTask(model, options, words, batchTokens, quoted);
    }

    @Override
    public Description describe() {
        return FillMaskCard.description();
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        Columns.require(rows, column);
        return new MaskedTextsToCheck(rows, column, settings.lineByLine());
    }
}
