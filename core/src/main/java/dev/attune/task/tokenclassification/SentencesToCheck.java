package dev.attune.task.tokenclassification;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.metric.Entities;
import dev.attune.metric.Entities.Entity;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.LabelFindings;
import dev.attune.task.Learned;
import dev.attune.task.TextRows;
import dev.attune.text.Encoding;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sentences for a doctor: words, joined by spaces where they are given one by one, and their tags. */
record SentencesToCheck(TaggedRows sentences) implements CheckedRows {
    @Override
    public Dataset rows() {
        return sentences.data();
    }

    @Override
    public List<String> columns() {
        return List.of(sentences.columns().input());
    }

    @Override
    public @Nullable String text(int row, int column) {
        Object value = rows().value(row, sentences.columns().input());
        if (!(value instanceof List<?> words))
            return TextRows.textOrNull(rows(), row, sentences.columns().input());
        return String.join(
                " ",
                words.stream().map(word -> word == null ? "" : word.toString()).toList());
    }

    @Override
    public String lesson() {
        return "sequence of tags";
    }

    @Override
    public Learned learned(int row) {
        TaggedWords sentence = sentences.read(row);
        return new Learned(String.join(" ", sentence.tags()), sentences.ids(sentence, row));
    }

    @Override
    public List<String> labels() {
        return sentences.labels();
    }

    @Override
    public List<Findings> more(long[] counts) {
        return List.of(LabelFindings.of(labels(), counts, Arrays.stream(counts).sum(), "words"), entities());
    }

    private Findings entities() {
        Map<String, Long> types = new ConcurrentHashMap<>();
        int repaired = (int) IntStream.range(0, rows().size())
                .parallel()
                .filter(row -> count(row, types))
                .count();
        Findings.Builder found =
                Findings.of("entities").fact("counts", new TreeMap<>(types)).fact("repaired", repaired);
        new TreeMap<>(types).forEach((type, count) -> {
            String few = count < LabelFindings.FEW ? " (few)" : "";
            found.info("entities %s: %,d%s", type, count, few);
        });
        if (repaired > 0) found.info("the tags of %,d sentences will be repaired", repaired);
        return found.build();
    }

    /** Counts the entities of a row; tells whether its tags were repaired. A row that cannot be read is told elsewhere. */
    private boolean count(int row, Map<String, Long> types) {
        try {
            List<String> tags =
                    sentences.scheme().forMetrics(sentences.read(row).tags());
            for (Entity entity : Entities.of(tags)) types.merge(entity.type(), 1L, Long::sum);
            return sentences.isRepaired(row);
        } catch (DataException e) {
            return false;
        }
    }

    @Override
    public Encoding encode(int row, Tokenizer tokenizer) {
        return tokenizer.encodeWords(sentences.raw(row).words(), Integer.MAX_VALUE);
    }

    @Override
    public String source(int row, Encoding encoding, int token) {
        String word = sentences.raw(row).words().get(encoding.wordIds()[token]);
        return word.substring(encoding.start(token), encoding.end(token));
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        List<String> tagged = new ArrayList<>();
        for (int i = 0; i < example.length(); i++) {
            int label = example.labels()[i];
            if (label == TokenClassificationData.NONE) continue;
            tagged.add(tokenizer.token(example.ids()[i]) + "/" + labels().get(label));
        }
        return String.join(" ", tagged);
    }
}
