package dev.attune.task.textclassification;

import dev.attune.data.Dataset;
import dev.attune.data.Example;
import dev.attune.error.DataException;
import dev.attune.task.CheckedRows;
import dev.attune.task.Findings;
import dev.attune.task.LabelFindings;
import dev.attune.task.Learned;
import dev.attune.task.TextRows;
import dev.attune.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of text classification for a doctor: one or two texts and the labels. */
record TextsToCheck(Dataset rows, TextColumns found, Labels known, Labels.Reader reader) implements CheckedRows {
    TextsToCheck(Dataset rows, TextColumns found, Labels known) {
        this(rows, found, known, known.reader(rows, String.valueOf(found.label())));
        found.require(rows);
    }

    @Override
    public List<String> columns() {
        return found.texts();
    }

    @Override
    public @Nullable String text(int row, int column) {
        return TextRows.textOrNull(rows, row, found.texts().get(column));
    }

    @Override
    public Learned learned(int row) {
        Labels.Value value = reader.read(row);
        return new Learned(text(value.classes(), value.targets()), ids(value.classes(), value.targets()));
    }

    @Override
    public List<String> labels() {
        return known.problem() == ProblemType.REGRESSION ? List.of() : known.names();
    }

    /** Ids of the labels that a row has; none for numbers. */
    private int[] ids(int[] classes, float[] targets) {
        if (known.problem() != ProblemType.MULTI_LABEL_CLASSIFICATION) return classes;
        return IntStream.range(0, targets.length).filter(id -> targets[id] > 0).toArray();
    }

    private String text(int[] classes, float[] targets) {
        if (known.problem() == ProblemType.REGRESSION) return Float.toString(targets[0]);
        List<String> names = new ArrayList<>();
        for (int id : ids(classes, targets)) names.add(known.names().get(id));
        return String.join(" | ", names);
    }

    @Override
    public List<Findings> more(long[] counts) {
        Findings problem = Findings.of("problem")
                .fact("problem_type", known.problem().key())
                .info("problem_type %s", known.problem().key())
                .build();
        Findings labels = known.problem() == ProblemType.REGRESSION
                ? targets()
                : LabelFindings.of(known.names(), counts, rows.size(), "rows");
        return List.of(problem, labels);
    }

    private Findings targets() {
        double[] sorted = IntStream.range(0, rows.size())
                .parallel()
                .mapToDouble(this::target)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        Findings.Builder found = Findings.of("targets").fact("rows", sorted.length);
        boolean any = sorted.length > 0;
        double mean = Arrays.stream(sorted).average().orElse(0);
        double spread = Math.sqrt(Arrays.stream(sorted)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0));
        found.fact("min", any ? sorted[0] : null)
                .fact("max", any ? sorted[sorted.length - 1] : null)
                .fact("median", any ? sorted[sorted.length / 2] : null)
                .fact("mean", any ? mean : null)
                .fact("standard_deviation", any ? spread : null);
        if (!any) return found.build();
        found.info(
                "targets from %.4g to %.4g, median %.4g, mean %.4g, standard deviation %.4g",
                sorted[0], sorted[sorted.length - 1], sorted[sorted.length / 2], mean, spread);
        if (spread == 0) found.warning("all targets are the same, which leaves nothing to learn or to measure");
        return found.build();
    }

    /** Not a number for a row that has none: it is told elsewhere. */
    private double target(int row) {
        try {
            return reader.read(row).targets()[0];
        } catch (DataException e) {
            return Double.NaN;
        }
    }

    @Override
    public String lesson(Example example, Tokenizer tokenizer) {
        if (known.problem() == ProblemType.REGRESSION)
            return String.format(Locale.ROOT, "%.6g", example.targets()[0]).replaceFirst("\\.?0+$", "");
        return text(example.labels(), example.targets());
    }
}
