package dev.attune.report;

import dev.attune.metric.Calibration;
import dev.attune.task.Artifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Artifacts as maps and lists for a JSON writer: what a web page draws from. */
public final class ReportJson {
    private ReportJson() {}

    public static List<Map<String, Object>> of(List<Artifact> artifacts) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Artifact artifact : artifacts) {
            if (artifact instanceof Artifact.Document) continue; // a file of its own
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("name", artifact.name());
            map.put("title", artifact.title());
            if (artifact instanceof Artifact.Table table) {
                map.put("kind", "table");
                map.put("columns", table.columns());
                map.put("rows", table.rows());
            } else if (artifact instanceof Artifact.Matrix matrix) {
                map.put("kind", "matrix");
                map.put("labels", matrix.labels());
                map.put("counts", counts(matrix));
            } else if (artifact instanceof Artifact.Points points) {
                map.put("kind", "points");
                map.put("x_axis", points.xAxis());
                map.put("y_axis", points.yAxis());
                map.put("x", points.x());
                map.put("y", points.y());
            } else if (artifact instanceof Artifact.Histogram histogram) {
                map.put("kind", "histogram");
                map.put("x_axis", histogram.xAxis());
                map.put("low", histogram.low());
                map.put("high", histogram.high());
                map.put("counts", histogram.counts());
            }
            if (artifact instanceof Artifact.Reliability reliability) reliability(reliability.calibration(), map);
            all.add(map);
        }
        return all;
    }

    private static void reliability(Calibration calibration, Map<String, Object> map) {
        map.put("kind", "reliability");
        map.put("expected_calibration_error", calibration.expectedError());
        List<Map<String, Object>> ranges = new ArrayList<>();
        for (int range = 0; range < Calibration.RANGES; range++) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("low", (double) range / Calibration.RANGES);
            one.put("high", (range + 1.0) / Calibration.RANGES);
            one.put("answers", calibration.count(range));
            if (calibration.count(range) > 0) {
                one.put("confidence", calibration.confidence(range));
                one.put("right", calibration.accuracy(range));
            }
            ranges.add(one);
        }
        map.put("ranges", ranges);
    }

    private static long[][] counts(Artifact.Matrix matrix) {
        int n = matrix.labels().size();
        long[][] counts = new long[n][n];
        for (int label = 0; label < n; label++) {
            for (int predicted = 0; predicted < n; predicted++) {
                counts[label][predicted] = matrix.counts().count(label, predicted);
            }
        }
        return counts;
    }
}
