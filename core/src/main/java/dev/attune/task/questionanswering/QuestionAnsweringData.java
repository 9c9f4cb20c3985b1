package dev.attune.task.questionanswering;

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
import dev.attune.task.ClassWeights;
import dev.attune.task.Description;
import dev.attune.task.LearnedLoss;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskOptions;
import dev.attune.text.CleanText;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Columns of a set of questions, and its rows as windows.
 *
 * @param settings with the columns, and whether there are questions without an answer
 */
record QuestionAnsweringData(
        QuestionAnsweringSettings settings, QuestionColumns found, TaskOptions options, LearnedLoss loss)
        implements TaskData {
    @Override
    public Map<String, ?> record() {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("columns", found.toMap());
        record.putAll(loss.record(Answerable.NAMES));
        return record;
    }

    @Override
    public String columns() {
        return found.describe();
    }

    @Override
    public List<String> notes() {
        return loss.notes(Answerable.NAMES);
    }

    @Override
    public Head head() {
        return Head.QUESTION_ANSWERING;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        return pretrained;
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        found.require(rows);
        String key = Sha256.of(List.of(
                "question-answering 1",
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                Integer.toString(settings.docStride()),
                found.toString()));
        return cache.encoded(key, sink -> encode(rows, new Windows(tokenizer, maxLength, settings.docStride()), sink))
                .from(rows);
    }

    private void encode(Dataset data, Windows windows, EncodedSink sink) {
        QuestionRows rows = new QuestionRows(data, found);
        LongAdder several = new LongAdder();
        LongAdder lowered = new LongAdder();
        LongAdder unclean = new LongAdder();
        new RowEncoder()
                .encodeSeveral(
                        data.size(),
                        row -> {
                            QuestionInput input = rows.input(row);
                            List<GoldAnswer> answers = rows.answers(row, input.context());
                            List<Encoding> cut = cut(windows, rows, row, input);
                            if (cut.size() > 1) several.increment();
                            if (windows.lowersStride(cut.get(0))) lowered.increment();
                            if (!CleanText.isClean(input.question()) || !CleanText.isClean(input.context()))
                                unclean.increment();
                            GoldAnswer answer = answers.isEmpty() ? null : answers.get(0);
                            List<Example> examples = new ArrayList<>(cut.size());
                            for (Encoding window : cut) examples.add(windows.example(window, answer));
                            return examples;
                        },
                        sink);
        note(
                sink,
                several,
                data.size(),
                "contexts do not fit into " + windows.maxLength() + " tokens and are read in windows");
        note(
                sink,
                lowered,
                data.size(),
                "of these have windows with room for no more than doc_stride tokens, which share half of it");
        note(
                sink,
                unclean,
                data.size(),
                "texts hold a NUL or half a surrogate pair; the characters were replaced by U+FFFD");
    }

    private static List<Encoding> cut(Windows windows, QuestionRows rows, int row, QuestionInput input) {
        try {
            return windows.of(input);
        } catch (DataException e) {
            throw new DataException(rows.where(row) + ": " + e.getMessage(), e);
        }
    }

    private static void note(EncodedSink sink, LongAdder count, int of, String what) {
        if (count.sum() == 0) return;
        sink.note(String.format(Locale.ROOT, "%s: %,d of %,d %s.", Encoded.DATA, count.sum(), of, what));
    }

    @Override
    public TaskData trainedOn(Examples train) {
        ClassWeights asked = loss.asked();
        if (asked == null) return this;
        long[] counts = new long[2];
        for (int i = 0; i < train.size(); i++) counts[Answerable.of(train.get(i, 0))]++;
        return new QuestionAnsweringData(settings, found, options, loss.with(asked.of(Answerable.NAMES, counts)));
    }

    @Override
    public List<String> classNames() {
        return Answerable.NAMES;
    }

    @Override
    public int classOf(Example example) {
        return Answerable.of(example);
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        return new QuestionAnsweringTask(model, tokenizer, settings, found, options, loss.classLoss());
    }

    @Override
    public Description describe() {
        return QuestionAnsweringCard.description();
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        found.require(rows);
        return new QuestionsToCheck(new QuestionRows(rows, found));
    }
}
