package dev.attune.task.text2text;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.io.Sha256;
import dev.attune.model.Head;
import dev.attune.model.ModelConfig;
import dev.attune.model.PretrainedModel;
import dev.attune.task.CheckedRows;
import dev.attune.task.Description;
import dev.attune.task.Part;
import dev.attune.task.Task;
import dev.attune.task.TaskData;
import dev.attune.task.TaskOptions;
import dev.attune.text.Tokenizer;
import java.util.List;
import java.util.Map;

/**
 * The columns of the pairs, and the rows as examples.
 *
 * @param settings with the columns
 */
record Text2TextData(Kind kind, Text2TextSettings settings, PairColumns pair, TaskOptions options) implements TaskData {
    @Override
    public Map<String, ?> record() {
        return Map.of("columns", Map.of("source", pair.source(), "target", pair.target()));
    }

    @Override
    public String columns() {
        return "source from " + pair.source() + ", target from " + pair.target();
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_TO_SEQUENCE;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        String note = settings.sourcePrefix() == null ? Prefix.missing(pretrained, kind) : null;
        return note == null ? pretrained : pretrained.noting(note);
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        PairColumns.require(rows, pair.source());
        PairColumns.require(rows, pair.target());
        String key = Sha256.of(List.of(
                "text2text 1",
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                Integer.toString(settings.maxTargetLength()),
                settings.prefix(),
                pair.source(),
                pair.target()));
        return cache.encoded(key, sink -> new PairExamples(rows, pair, settings, tokenizer, maxLength).writeTo(sink))
                .from(rows);
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        int words = tokenizer.ofTargets().highestTokenId() + 1;
        Writing writing = settings.predictWithGenerate() ? Writing.of(model, tokenizer, settings) : null;
        return new Text2TextTask(model, options, words, PairExamples.quoted(pair), writing, settings.textMetrics());
    }

    @Override
    public Description describe() {
        return Text2TextCard.description(kind);
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        PairColumns.require(rows, pair.source());
        PairColumns.require(rows, pair.target());
        return new PairsToCheck(rows, pair, settings);
    }
}
