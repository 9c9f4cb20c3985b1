package dev.attune.job;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.data.Encoded;
import dev.attune.data.Examples;
import dev.attune.error.DataException;
import dev.attune.job.Diagnosis.Section;
import dev.attune.job.doctor.Leakage;
import dev.attune.job.doctor.SeenExamples;
import dev.attune.job.doctor.SetFindings;
import dev.attune.job.doctor.SetScan;
import dev.attune.job.doctor.SplitLabels;
import dev.attune.job.doctor.TokenSample;
import dev.attune.task.Finding;
import dev.attune.task.Findings;
import dev.attune.task.Part;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks at the data of a job as {@code attune check} does: at the rows, at what the model will see of them, and at what a training
 * would take. Writes nothing but the data cache.
 *
 * <pre>{@code
 * Diagnosis found = DataDoctor.check(recipe);
 * if (found.hasErrors()) { … }
 * }</pre>
 */
public final class DataDoctor {
    private final Recipe recipe;
    private final JobModel model;
    private final JobData data;
    private final Consumer<Finding> listener;
    private final List<Section> sections = new ArrayList<>();

    private DataDoctor(Recipe recipe, Consumer<Finding> listener) {
        this.recipe = recipe;
        this.model = JobModel.of(recipe.job());
        this.data = JobData.read(recipe, Hooks.NONE);
        this.listener = listener;
    }

    /** Looks at the data only, without a step of training. */
    public static Diagnosis check(Recipe recipe) {
        return check(recipe, false, line -> {});
    }

    /**
     * @param estimate whether to train some steps, to estimate what the training would take
     * @param listener hears each line as soon as it is known
     * @throws DataException if the data cannot be read at all: a column is missing, there is nothing to learn
     */
    public static Diagnosis check(Recipe recipe, boolean estimate, Consumer<Finding> listener) {
        return new DataDoctor(recipe, listener).check(estimate);
    }

    private Diagnosis check(boolean estimate) {
        try (Tokenizer tokenizer = model.tokenizer()) {
            int maxLength = model.maxLength(tokenizer, recipe.job().maxLength());
            int[] sample = rows(tokenizer, maxLength);
            if (!diagnosis(maxLength).hasErrors()) examples(sample, tokenizer, maxLength, estimate);
            return diagnosis(maxLength);
        }
    }

    /** Of what was found so far. */
    private Diagnosis diagnosis(int maxLength) {
        return new Diagnosis(recipe.task().key(), recipe.job().model().describe(), maxLength, sections);
    }

    /** Looks at the rows of all sets; returns some of the training rows. What is kept of the rows ends here. */
    private int[] rows(Tokenizer tokenizer, int maxLength) {
        notes();
        SetScan train = SetScan.of("train", data.task().checked(data.train()));
        int[] sample = set("train", train, data.train(), tokenizer, maxLength);
        List<SetScan> validation = new ArrayList<>();
        data.others().forEach((role, rows) -> {
            SetScan scan = SetScan.of(role, data.task().checked(rows));
            set(role, scan, rows, tokenizer, maxLength);
            add(new Section(
                    "train_and_" + role,
                    "train and " + role,
                    Map.of(),
                    List.of(SplitLabels.of(train, scan), Leakage.of(train, scan))));
            if (!role.equals("test")) validation.add(scan);
            // A model that was chosen by rows is judged too well by them.
            else validation.forEach(seen -> add(between(seen, scan)));
        });
        return sample;
    }

    private void notes() {
        Findings.Builder notes = Findings.of("notes");
        data.task().configure(model.config()).notes().forEach(note -> notes.info("%s", note));
        data.task().notes().forEach(note -> notes.warning("%s", note));
        Findings found = notes.build();
        if (!found.lines().isEmpty()) add(new Section("job", "job", Map.of(), List.of(found)));
    }

    private int[] set(String role, SetScan scan, Dataset rows, Tokenizer tokenizer, int maxLength) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", rows.name());
        facts.put("rows", rows.size());
        facts.put("columns", data.task().columns());
        List<Findings> found = new ArrayList<>();
        found.add(Findings.of("columns").info("%s", data.task().columns()).build());
        found.addAll(SetFindings.of(scan));
        TokenSample tokens = TokenSample.of(scan, tokenizer);
        found.addAll(tokens.findings(maxLength));
        add(new Section(
                role, String.format(Locale.ROOT, "%s: %s, %,d rows", role, rows.name(), rows.size()), facts, found));
        return tokens.rows();
    }

    private static Section between(SetScan seen, SetScan test) {
        String name = seen.role() + "_and_" + test.role();
        return new Section(name, seen.role() + " and " + test.role(), Map.of(), List.of(Leakage.of(seen, test)));
    }

    private void examples(int[] sample, Tokenizer tokenizer, int maxLength, boolean estimate) {
        Dataset rows = data.train().select(sample);
        Encoded encoded;
        try {
            encoded = data.task().encode(Part.TRAIN, rows, tokenizer, maxLength, DataCache.off());
        } catch (DataException e) {
            Findings why = Findings.of("encoding").error("%s", e.getMessage()).build();
            add(new Section("encoding", "encoding the training data", Map.of(), List.of(why)));
            return;
        }
        try (Examples examples = encoded.examples()) {
            Findings seen = SeenExamples.of(data.task().checked(rows), examples, rows.size(), tokenizer);
            Findings.Builder notes = Findings.of("notes");
            encoded.notes().forEach(note -> notes.info("%s", note));
            Map<String, Object> facts = Map.of("notes", encoded.notes());
            add(new Section("encoding", "what the model will see", facts, List.of(notes.build(), seen)));
            if (!estimate) return;
            double all = (double) examples.size() * data.train().size() / rows.size();
            Findings found = new RunEstimate(recipe, model, data, tokenizer, maxLength).of(examples, all);
            add(new Section("run", "a training of this recipe would take about", Map.of(), List.of(found)));
        }
    }

    private void add(Section section) {
        sections.add(section);
        section.lines().forEach(listener);
    }
}
