package dev.attune.task.tokenclassification;

import dev.attune.config.Contradictions;
import dev.attune.data.Dataset;
import dev.attune.error.CheckpointException;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.model.ModelConfig;
import dev.attune.task.FineTuned;
import dev.attune.task.FocalLoss;
import dev.attune.task.LearnedLoss;
import dev.attune.task.Pipeline;
import dev.attune.task.TaskData;
import dev.attune.task.TaskInput;
import dev.attune.task.TaskOptions;
import dev.attune.task.TaskType;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The task {@code token-classification}. */
public final class TokenClassification implements TaskType<TokenClassificationSettings> {
    @Override
    public String key() {
        return "token-classification";
    }

    @Override
    public List<String> aliases() {
        return List.of("ner");
    }

    @Override
    public List<String> architectures() {
        return List.of("ForTokenClassification");
    }

    @Override
    public String summary() {
        return "Each word of a text gets a tag: names of people and places are found, or parts of speech.";
    }

    @Override
    public Class<TokenClassificationSettings> settings() {
        return TokenClassificationSettings.class;
    }

    @Override
    public Class<TokenAnswers> predictionSettings() {
        return TokenAnswers.class;
    }

    @Override
    public void check(TokenClassificationSettings settings, TaskOptions options, Contradictions wrong) {
        FocalLoss.check(settings.focalLossGamma(), options, wrong);
    }

    @Override
    public TaskData prepare(TokenClassificationSettings settings, TaskInput input) {
        if (input.options().computeMetrics() != null) {
            throw new ConfigException(
                    "Metrics of your own are not for token-classification yet. Leave compute_metrics out; the task's own"
                            + " are precision, recall, f1 and accuracy.");
        }
        if (input.trained() != null) requireHead(input.trained());
        Dataset rows = input.rows();
        TokenColumns columns = TokenColumns.find(rows, settings, true);
        List<String> labels =
                input.trained() == null ? settings.labels() : input.trained().labels();
        TagScheme scheme = settings.tagScheme();
        if (scheme == null) scheme = columns.spans() ? TagScheme.BIO : scheme(rows, columns, labels);
        if (labels.isEmpty()) labels = labels(rows, columns, settings, scheme);
        LearnedLoss loss = input.trained() != null
                ? LearnedLoss.plain(input.options())
                : LearnedLoss.of(settings.classWeights(), settings.focalLossGamma(), labels, input.options());
        return new TokenClassificationData(settings.found(columns, labels, scheme), columns, input.options(), loss);
    }

    /** A classifier of whole texts has a layer of the same name: it would load, and answer nonsense. */
    static void requireHead(ModelConfig config) {
        for (String name : config.architectures()) {
            if (!name.endsWith("ForSequenceClassification")) continue;
            throw new CheckpointException(config.source() + ": the model is a " + name
                    + ", which has a label for a whole text and none for its words. Fine-tune it for them first: attune"
                    + " train --task token-classification --model …");
        }
    }

    private static TagScheme scheme(Dataset rows, TokenColumns columns, List<String> labels) {
        TaggedRows reader = new TaggedRows(rows, columns, labels, TagScheme.BIO, false);
        // Row by row: the data may be larger than the heap.
        return TagScheme.of(() -> IntStream.range(0, rows.size())
                .mapToObj(row -> reader.raw(row).tags())
                .iterator());
    }

    private static List<String> labels(
            Dataset rows, TokenColumns columns, TokenClassificationSettings settings, TagScheme scheme) {
        TaggedRows reader = new TaggedRows(rows, columns, List.of(), scheme, settings.repairTags());
        TreeSet<String> found = new TreeSet<>();
        for (int row = 0; row < rows.size(); row++)
            found.addAll(reader.read(row).tags());
        if (found.size() < 2) {
            throw new DataException("Every word of " + rows.name() + " has the tag \"" + found.first()
                    + "\": there is nothing to learn. Give data with at least two tags, or set tags_column.");
        }
        return List.copyOf(found);
    }

    @Override
    public Pipeline<?, ?> pipeline(FineTuned model, Record predictionSettings) {
        return TokenClassificationPipeline.load(model, (TokenAnswers) predictionSettings);
    }
}
