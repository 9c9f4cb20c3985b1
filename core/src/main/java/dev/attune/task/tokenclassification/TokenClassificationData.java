package dev.attune.task.tokenclassification;

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
import dev.attune.task.LearnedLoss;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskOptions;
import dev.attune.tensor.Losses;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Columns and tags, and rows as examples with a label for each token. */
record TokenClassificationData(
        TokenClassificationSettings settings, TokenColumns found, TaskOptions options, LearnedLoss loss)
        implements TaskData {
    /** The label of a token that is not learned: added ones, and those after the first of a word. */
    static final int NONE = Losses.IGNORED;

    /** With the loss of the tags as they are. */
    TokenClassificationData(TokenClassificationSettings settings, TokenColumns found, TaskOptions options) {
        this(settings, found, options, LearnedLoss.plain(options));
    }

    @Override
    public Map<String, ?> record() {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("columns", Map.of("input", found.input(), "tags", String.valueOf(found.tags())));
        record.put("labels", settings.labels());
        record.put("tag_scheme", String.valueOf(settings.tagScheme()));
        record.putAll(loss.record(settings.labels()));
        return record;
    }

    @Override
    public String columns() {
        return (found.spans() ? "text from " : "words from ") + found.input() + ", tags from " + found.tags() + " ("
                + scheme() + ")";
    }

    @Override
    public List<String> notes() {
        return loss.notes(settings.labels());
    }

    @Override
    public Head head() {
        return Head.TOKEN_CLASSIFICATION;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        return pretrained.withLabels(settings.labels());
    }

    private TagScheme scheme() {
        TagScheme scheme = settings.tagScheme();
        return scheme == null ? TagScheme.BIO : scheme;
    }

    private TaggedRows reader(Dataset rows) {
        found.require(rows);
        return new TaggedRows(rows, found, settings.labels(), scheme(), settings.repairTags());
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        found.require(rows);
        String key = Sha256.of(List.of(
                "token-classification 2",
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                found.toString(),
                settings.labels().toString(),
                scheme().toString(),
                Boolean.toString(settings.repairTags()),
                Boolean.toString(settings.labelAllTokens())));
        return cache.encoded(key, sink -> encode(rows, tokenizer, maxLength, sink))
                .from(rows);
    }

    private void encode(Dataset rows, Tokenizer tokenizer, int maxLength, EncodedSink sink) {
        TaggedRows reader = reader(rows);
        LongAdder lost = new LongAdder();
        LongAdder cut = new LongAdder();
        LongAdder repaired = new LongAdder();
        LongAdder labelled = new LongAdder();
        new RowEncoder()
                .encode(
                        rows.size(),
                        row -> {
                            TaggedWords sentence = reader.read(row);
                            if (reader.isRepaired(row)) repaired.increment();
                            int[] tags = reader.ids(sentence, row);
                            Encoding tokens = tokenizer.encodeWords(sentence.words(), maxLength);
                            if (tokens.truncated()) {
                                cut.increment();
                                long read = Arrays.stream(tokens.wordIds())
                                        .filter(word -> word >= 0)
                                        .distinct()
                                        .count();
                                lost.add(tags.length - read);
                            }
                            int[] labels = labels(tokens.wordIds(), tags);
                            labelled.add(Arrays.stream(labels)
                                    .filter(label -> label != NONE)
                                    .count());
                            return new Example(tokens.ids(), tokens.typeIds(), labels, new float[0]);
                        },
                        sink);
        if (labelled.sum() == 0) {
            throw new DataException(rows.name() + ": not a single word has a token: all consist of characters that the"
                    + " tokenizer removes. Give other words, or name another column with tokens_column.");
        }
        if (repaired.sum() > 0) {
            sink.note(String.format(
                    Locale.ROOT, "%s: the tags of %,d sentences were repaired.", Encoded.DATA, repaired.sum()));
        }
        if (cut.sum() > 0) {
            sink.note(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d sentences are longer than %d tokens and were cut; %,d of their words have no token"
                            + " left and take no part in training or metrics.",
                    Encoded.DATA,
                    cut.sum(),
                    rows.size(),
                    maxLength,
                    lost.sum()));
        }
    }

    /** Labels of tokens from those of words: as {@code tokenize_and_align_labels} of the reference's script. */
    int[] labels(int[] words, int[] tags) {
        int[] labels = new int[words.length];
        int before = -1;
        for (int i = 0; i < words.length; i++) {
            int word = words[i];
            if (word < 0) labels[i] = NONE;
            else if (word != before) labels[i] = tags[word];
            else labels[i] = settings.labelAllTokens() ? inside(tags[word]) : NONE;
            before = word;
        }
        return labels;
    }

    private int inside(int tag) {
        String name = settings.labels().get(tag);
        int inside = settings.labels().indexOf(scheme().inside(name));
        return inside < 0 ? tag : inside;
    }

    @Override
    public TaskData trainedOn(Examples train) {
        return new TokenClassificationData(settings, found, options, loss.on(train, settings.labels()));
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        return new TokenClassificationTask(model, this);
    }

    @Override
    public Description describe() {
        return TokenClassificationCard.of(settings.labels());
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        return new SentencesToCheck(reader(rows));
    }
}
