package dev.attune.job;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.task.EvaluationSet;
import dev.attune.task.Part;
import dev.attune.text.Tokenizer;
import dev.attune.train.EvaluationSets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sets of a job as examples. Large ones are mapped files: closing lets go of them. */
record EncodedSets(
        JobData data,
        int maxLength,
        Encoded train,
        @Nullable Encoded validation,
        Map<String, Encoded> namedValidation,
        @Nullable Encoded test)
        implements AutoCloseable {

    static EncodedSets of(JobData data, Tokenizer tokenizer, int maxLength) {
        List<Encoded> open = new ArrayList<>();
        try {
            Encoded train = data.task().encode(Part.TRAIN, data.train(), tokenizer, maxLength, data.cache());
            open.add(train);
            Encoded validation = encode(Part.VALIDATION, data.validation(), data, tokenizer, maxLength);
            if (validation != null) open.add(validation);
            Map<String, Encoded> named = new LinkedHashMap<>();
            data.namedValidation().forEach((name, rows) -> {
                Encoded set = data.task().encode(Part.VALIDATION, rows, tokenizer, maxLength, data.cache());
                open.add(set);
                named.put(name, set);
            });
            Encoded test = encode(Part.TEST, data.test(), data, tokenizer, maxLength);
            return new EncodedSets(data, maxLength, train, validation, named, test);
        } catch (RuntimeException | Error e) {
            open.forEach(set -> set.examples().close());
            throw e;
        }
    }

    private static @Nullable Encoded encode(
            Part part, @Nullable Dataset rows, JobData data, Tokenizer tokenizer, int maxLength) {
        return rows == null ? null : data.task().encode(part, rows, tokenizer, maxLength, data.cache());
    }

    EvaluationSets validationSets() {
        Map<String, EvaluationSet> sets = new LinkedHashMap<>();
        sets.put("", set(validation, data.validation()));
        namedValidation.forEach(
                (name, set) -> sets.put(name, set(set, data.namedValidation().get(name))));
        return new EvaluationSets(sets);
    }

    EvaluationSet testSet() {
        return set(test, data.test());
    }

    private static EvaluationSet set(@Nullable Encoded encoded, @Nullable Dataset rows) {
        return encoded == null ? EvaluationSet.NONE : new EvaluationSet(encoded.examples(), rows);
    }

    /** What was done to the texts, and whether an earlier run did it. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Encoded set : sets()) {
            notes.addAll(set.notes());
            if (!set.kept()) continue;
            notes.add(String.format(
                    Locale.ROOT,
                    set.fromCache()
                            ? "%,d examples were encoded by an earlier run and lie in %s (data_cache: false encodes anew)."
                            : "%,d encoded examples are kept in %s for the next run (data_cache: false keeps none).",
                    set.examples().size(),
                    DataCache.folder()));
        }
        return notes;
    }

    private List<Encoded> sets() {
        List<Encoded> sets = new ArrayList<>(List.of(train));
        if (validation != null) sets.add(validation);
        sets.addAll(namedValidation.values());
        if (test != null) sets.add(test);
        return sets;
    }

    @Override
    public void close() {
        sets().forEach(set -> set.examples().close());
    }
}
