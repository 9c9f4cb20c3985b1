package dev.attune.report;

import dev.attune.metric.Calibration;
import dev.attune.metric.ClassificationMetrics;
import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Artifacts as parts of a page. */
final class ArtifactHtml {
    private static final int PAIRS = 20;

    private final Html html;

    ArtifactHtml(Html html) {
        this.html = html;
    }

    void write(Artifact artifact) {
        if (artifact instanceof Artifact.Table table) {
            HtmlTable.write(html, table.title(), table.columns(), table.rows());
        } else if (artifact instanceof Artifact.Matrix matrix) {
            matrix(matrix);
        } else if (artifact instanceof Artifact.Reliability reliability) {
            reliability(reliability);
        } else if (artifact instanceof Artifact.Points points) {
            html.figure(new PointsPicture(points).svg(), points.title());
        } else if (artifact instanceof Artifact.Histogram histogram) {
            html.figure(new HistogramPicture(histogram).svg(), histogram.title());
        }
    }

    private void matrix(Artifact.Matrix matrix) {
        ClassificationReport report = new ClassificationReport(matrix.counts(), matrix.labels());
        html.figure(
                report.confusionSvg(matrix.title()), matrix.title() + ": rows are true labels, columns predicted ones");
        pairs(matrix, report);
        labels(matrix);
    }

    private void pairs(Artifact.Matrix matrix, ClassificationReport report) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ClassificationReport.Confused pair : report.mostConfused(PAIRS)) {
            long support = matrix.counts().support(pair.label());
            rows.add(List.of(
                    matrix.labels().get(pair.label()),
                    matrix.labels().get(pair.predicted()),
                    pair.count(),
                    (double) pair.count() / support));
        }
        if (rows.isEmpty()) return;
        List<String> heads = List.of("true label", "predicted as", "rows", "share of the label");
        HtmlTable.write(html, matrix.title() + ": pairs that are confused most", heads, rows);
    }

    private void labels(Artifact.Matrix matrix) {
        ClassificationMetrics metrics = new ClassificationMetrics(matrix.counts());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int label = 0; label < matrix.labels().size(); label++) {
            if (!matrix.counts().present(label)) continue;
            rows.add(List.of(
                    matrix.labels().get(label),
                    metrics.precision(label),
                    metrics.recall(label),
                    metrics.f1(label),
                    matrix.counts().support(label)));
        }
        List<String> heads = List.of("label", "precision", "recall", "f1-score", "support");
        HtmlTable.write(html, matrix.title() + ": each label", heads, rows);
    }

    private void reliability(Artifact.Reliability reliability) {
        Calibration calibration = reliability.calibration();
        html.figure(
                new ReliabilityPicture(reliability).svg(),
                String.format(
                        Locale.ROOT,
                        "%s: a bar that ends below the line is a range in which the model is surer than it is right."
                                + " Expected calibration error %.4f.",
                        reliability.title(),
                        calibration.expectedError()));
        List<String> heads = List.of("confidence", "answers", "mean confidence", "right");
        HtmlTable.write(html, reliability.title(), heads, ReliabilityPicture.ranges(calibration));
    }
}
