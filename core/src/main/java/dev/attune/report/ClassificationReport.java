package dev.attune.report;

import dev.attune.error.DataException;
import dev.attune.metric.ClassificationMetrics;
import dev.attune.metric.Confusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A classifier's result for people: the table of scikit-learn's {@code classification_report}, the confusion matrix as
 * text or as a picture, and the pairs of labels the model confuses most.
 *
 * @param confusion the counts
 * @param labels K names, in the order of the label ids
 */
public record ClassificationReport(Confusion confusion, List<String> labels) {
    private static final int LABEL_WIDTH = 40;
    private static final int COLUMN_WIDTH = 10;

    /** A matrix of more labels is wider than a screen; the text then lists the most confused pairs instead. */
    private static final int MATRIX_LABELS = 12;

    public ClassificationReport {
        if (labels.size() != confusion.classes()) {
            throw new DataException("A report over " + confusion.classes() + " labels was given " + labels.size()
                    + " label names; give one name for each label id.");
        }
        labels = List.copyOf(labels);
    }

    /** Rows whose true label {@code label} was predicted as {@code predicted}, with {@code label != predicted}. */
    public record Confused(int label, int predicted, long count) {}

    /** The table with two digits, as scikit-learn prints it. */
    public String text() {
        return text(2);
    }

    /**
     * Precision, recall, F1 and support for each label that occurs as truth or prediction, then the averages. Long
     * labels lose their middle. Labels that occur nowhere are named below the table.
     *
     * @param digits digits after the point
     */
    public String text(int digits) {
        var metrics = new ClassificationMetrics(confusion);
        metrics.requireRows();
        List<String> names = LabelText.fit(labels, LABEL_WIDTH);
        int[] shown =
                IntStream.range(0, labels.size()).filter(confusion::present).toArray();
        int width = Math.max(
                Math.max("weighted avg".length(), digits),
                LabelText.longest(IntStream.of(shown).mapToObj(names::get).toList()));

        var out = new StringBuilder();
        out.append(" ".repeat(width + 1));
        for (String head : List.of("precision", "recall", "f1-score", "support"))
            out.append(' ').append(right(head, 9));
        out.append("\n\n");
        for (int c : shown) {
            out.append(right(names.get(c), width)).append(' ');
            for (double value : new double[] {metrics.precision(c), metrics.recall(c), metrics.f1(c)}) {
                out.append(' ').append(right(fixed(value, digits), 9));
            }
            out.append(' ')
                    .append(right(Long.toString(confusion.support(c)), 9))
                    .append('\n');
        }
        String total = right(Long.toString(confusion.total()), 9);
        out.append('\n').append(right("accuracy", width)).append(" ".repeat(21));
        out.append(' ')
                .append(right(fixed(metrics.accuracy(), digits), 9))
                .append(' ')
                .append(total)
                .append('\n');
        out.append(right("macro avg", width)).append(' ');
        for (ClassificationMetrics.PerLabel value : columns(metrics)) {
            out.append(' ').append(right(fixed(metrics.macro(value), digits), 9));
        }
        out.append(' ').append(total).append('\n');
        out.append(right("weighted avg", width)).append(' ');
        for (ClassificationMetrics.PerLabel value : columns(metrics)) {
            out.append(' ').append(right(fixed(metrics.weighted(value), digits), 9));
        }
        out.append(' ').append(total).append('\n');

        List<String> absent = IntStream.range(0, labels.size())
                .filter(c -> !confusion.present(c))
                .mapToObj(names::get)
                .toList();
        if (!absent.isEmpty()) {
            int listed = Math.min(5, absent.size());
            out.append("\nNeither in the data nor predicted: ").append(String.join(", ", absent.subList(0, listed)));
            if (listed < absent.size())
                out.append(" and ").append(absent.size() - listed).append(" more");
            out.append('\n');
        }
        return out.toString();
    }

    /**
     * The confusion matrix for up to 12 labels, rows true and columns predicted; beyond that the most confused pairs.
     */
    public String confusionText() {
        if (labels.size() > MATRIX_LABELS) return confusedText(20);
        List<String> names = LabelText.fit(labels, LABEL_WIDTH);
        List<String> heads = LabelText.fit(labels, COLUMN_WIDTH);
        String corner = "true \\ predicted";
        int width = Math.max(corner.length(), LabelText.longest(names));
        int cell = Math.max(5, LabelText.longest(heads));
        for (int c = 0; c < labels.size(); c++) {
            cell = Math.max(cell, Long.toString(confusion.support(c)).length());
        }
        var out = new StringBuilder(right(corner, width)).append(' ');
        for (String head : heads) out.append(' ').append(right(head, cell));
        out.append('\n');
        for (int label = 0; label < labels.size(); label++) {
            out.append(right(names.get(label), width)).append(' ');
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                out.append(' ').append(right(Long.toString(confusion.count(label, predicted)), cell));
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** The confusion matrix as an SVG document; see {@link ConfusionPicture}. */
    public String confusionSvg(String title) {
        new ClassificationMetrics(confusion).requireRows();
        return new ConfusionPicture(title, confusion, labels).svg();
    }

    /** The pairs confused most often, most frequent first. */
    public List<Confused> mostConfused(int limit) {
        List<Confused> pairs = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            for (int predicted = 0; predicted < labels.size(); predicted++) {
                long count = confusion.count(label, predicted);
                if (label != predicted && count > 0) pairs.add(new Confused(label, predicted, count));
            }
        }
        pairs.sort(Comparator.comparingLong(Confused::count).reversed());
        return List.copyOf(pairs.subList(0, Math.min(limit, pairs.size())));
    }

    private String confusedText(int limit) {
        List<Confused> pairs = mostConfused(limit);
        if (pairs.isEmpty()) return "No row was confused.\n";
        List<String> names = LabelText.fit(labels, LABEL_WIDTH);
        int count = Math.max(4, Long.toString(pairs.get(0).count()).length());
        int width = LabelText.longest(
                pairs.stream().map(pair -> names.get(pair.label())).toList());
        width = Math.max(width, "true label".length());
        var out = new StringBuilder(right("rows", count) + "  " + left("true label", width) + "  predicted as\n");
        for (Confused pair : pairs) {
            out.append(right(Long.toString(pair.count()), count)).append("  ");
            out.append(left(names.get(pair.label()), width)).append("  ");
            out.append(names.get(pair.predicted())).append('\n');
        }
        return out.toString();
    }

    private static List<ClassificationMetrics.PerLabel> columns(ClassificationMetrics metrics) {
        return List.of(metrics::precision, metrics::recall, metrics::f1);
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - LabelText.length(text))) + text;
    }

    private static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - LabelText.length(text)));
    }
}
