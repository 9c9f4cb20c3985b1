package dev.attune.task.textclassification;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.EncodedSink;
import dev.attune.data.Example;
import dev.attune.data.Examples;
import dev.attune.data.RowEncoder;
import dev.attune.io.Sha256;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.task.CheckedRows;
import dev.attune.task.Description;
import dev.attune.task.LearnedLoss;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskOptions;
import dev.attune.task.TextRows;
import dev.attune.text.TokenIds;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Columns and labels of a text classification set, and its rows as examples. */
record TextClassificationData(
        TextColumns found, Labels labels, TaskOptions options, List<String> notes, LearnedLoss loss)
        implements TaskData {
    /** With the loss of the labels as they are. */
    TextClassificationData(TextColumns found, Labels labels, TaskOptions options, List<String> notes) {
        this(found, labels, options, notes, LearnedLoss.plain(options));
    }

    @Override
    public TextClassificationSettings settings() {
        return new TextClassificationSettings(
                found.text(),
                found.textPair(),
                found.label(),
                labels.problem() == ProblemType.REGRESSION ? List.of() : labels.names(),
                labels.problem(),
                loss.asked(),
                loss.gamma());
    }

    @Override
    public Map<String, ?> record() {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("columns", found.toMap());
        record.put("problem_type", labels.problem().key());
        record.put("labels", labels.names());
        record.putAll(loss.record(labels.names()));
        return record;
    }

    @Override
    public String columns() {
        return found.describe();
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_CLASSIFICATION;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        return pretrained
                .withLabels(labels.names())
                .with("problem_type", labels.problem().key());
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        found.require(rows);
        String key = Sha256.of(List.of(
                "text-classification 2",
                Boolean.toString(namesUnused(part)),
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                found.toString(),
                labels.problem().key(),
                labels.names().toString()));
        return cache.encoded(key, sink -> encode(part, rows, tokenizer, maxLength, sink))
                .from(rows);
    }

    private void encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, EncodedSink sink) {
        TextRows texts = new TextRows(rows, tokenizer, maxLength);
        Labels.Reader reader = labels.reader(rows, String.valueOf(found.label()));
        AtomicLongArray counts = new AtomicLongArray(labels.names().size());
        new RowEncoder()
                .encode(
                        rows.size(),
                        row -> {
                            Labels.Value label = reader.read(row);
                            for (int id : label.classes()) counts.incrementAndGet(id);
                            TokenIds encoding = texts.encode(row, found.text(), found.textPair());
                            return new Example(encoding.ids(), encoding.typeIds(), label.classes(), label.targets());
                        },
                        sink);
        if (namesUnused(part)) noteUnused(counts, sink);
        texts.notes().forEach(sink::note);
    }

    /** All that a part's examples depend on: an evaluation reads what the training encoded for its validation. */
    private boolean namesUnused(Part part) {
        return part == Part.TRAIN && labels.problem() == ProblemType.SINGLE_LABEL_CLASSIFICATION;
    }

    private void noteUnused(AtomicLongArray counts, EncodedSink sink) {
        List<String> unused = new ArrayList<>();
        for (int id = 0; id < counts.length(); id++) {
            if (counts.get(id) == 0) unused.add(labels.names().get(id));
        }
        if (!unused.isEmpty()) sink.note("No training row has the label " + String.join(", ", unused) + ".");
    }

    @Override
    public TaskData trainedOn(Examples train) {
        LearnedLoss learned = loss.on(train, labels.names());
        List<String> more = new ArrayList<>(notes);
        more.addAll(learned.notes(labels.names()));
        return new TextClassificationData(found, labels, options, more, learned);
    }

    @Override
    public List<String> classNames() {
        return labels.classNames();
    }

    @Override
    public int classOf(Example example) {
        return example.labels()[0];
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        return new TextClassificationTask(model, labels, options, found, loss.classLoss());
    }

    @Override
    public Description describe() {
        return TextClassificationCard.of(labels, found.textPair() != null);
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        return new TextsToCheck(rows, found, labels);
    }
}
