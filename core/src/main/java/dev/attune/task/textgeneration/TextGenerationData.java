package dev.attune.task.textgeneration;

import dev.attune.data.Columns;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of the texts, and the rows as examples.
 *
 * @param settings with the columns
 */
record TextGenerationData(TextGenerationSettings settings, TextParts parts, TaskOptions options) implements TaskData {
    @Override
    public Map<String, ?> record() {
        Map<String, String> columns = new LinkedHashMap<>();
        String completion = parts.completion();
        columns.put(completion == null ? "text" : "prompt", parts.text());
        if (completion != null) columns.put("completion", completion);
        return Map.of("columns", columns);
    }

    @Override
    public String columns() {
        return parts.completion() == null
                ? "text from " + parts.text()
                : "prompt from " + parts.text() + ", completion from " + parts.completion();
    }

    @Override
    public List<String> notes() {
        return List.of();
    }

    @Override
    public Head head() {
        return Head.CAUSAL_LM;
    }

    @Override
    public ModelConfig configure(ModelConfig pretrained) {
        return pretrained;
    }

    @Override
    public Encoded encode(Part part, Dataset rows, Tokenizer tokenizer, int maxLength, DataCache cache) {
        parts.columns().forEach(column -> Columns.require(rows, column));
        String key = Sha256.of(List.of(
                "text-generation 1",
                rows.sha256(),
                tokenizer.fingerprint(),
                Integer.toString(maxLength),
                Boolean.toString(settings.groupTexts()),
                settings.endsTexts() ? tokenizer.eosTokenId().toString() : "",
                String.join("\n", parts.columns())));
        return cache.encoded(key, sink -> new TextExamples(rows, tokenizer, maxLength, parts, settings).writeTo(sink))
                .from(rows);
    }

    @Override
    public Task bind(PretrainedModel model, Tokenizer tokenizer) {
        // An example of joined texts is no row that could be quoted.
        List<String> quoted = settings.groupTexts() ? List.of() : parts.columns();
        return new TextGenerationTask(model, options, tokenizer.highestTokenId() + 1, quoted);
    }

    @Override
    public Description describe() {
        return TextGenerationCard.description();
    }

    @Override
    public CheckedRows checked(Dataset rows) {
        parts.columns().forEach(column -> Columns.require(rows, column));
        return new TextsToWrite(rows, parts, settings);
    }
}
