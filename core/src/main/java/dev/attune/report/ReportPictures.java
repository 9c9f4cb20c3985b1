package dev.attune.report;

import dev.attune.task.Artifact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Artifacts as SVG pictures. */
public final class ReportPictures {
    private ReportPictures() {}

    /** The pictures by file name, {@code confusion.svg}; tables have none. */
    public static Map<String, String> of(List<Artifact> artifacts) {
        Map<String, String> pictures = new LinkedHashMap<>();
        for (Artifact artifact : artifacts) {
            if (artifact instanceof Artifact.Matrix matrix) {
                pictures.put(
                        file(matrix),
                        new ClassificationReport(matrix.counts(), matrix.labels()).confusionSvg(matrix.title()));
            } else if (artifact instanceof Artifact.Points points) {
                pictures.put(file(points), new PointsPicture(points).svg());
            } else if (artifact instanceof Artifact.Reliability reliability) {
                pictures.put(file(reliability), new ReliabilityPicture(reliability).svg());
            } else if (artifact instanceof Artifact.Histogram histogram) {
                pictures.put(file(histogram), new HistogramPicture(histogram).svg());
            }
        }
        return pictures;
    }

    private static String file(Artifact artifact) {
        return artifact.name() + ".svg";
    }
}
