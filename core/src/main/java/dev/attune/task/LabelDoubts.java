package dev.attune.task;

import dev.attune.metric.Calibration;
import dev.attune.metric.SuspectLabels;
import dev.attune.metric.SuspectLabels.Suspect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What class probabilities tell beside the answers: how far they can be trusted, and which labels are likely to be wrong.
 */
public final class LabelDoubts {
    /** Most suspects that are shown. */
    private static final int SHOWN = 50;

    private final List<String> labels;
    private final RowTexts texts;
    private final @Nullable String part;
    private final Calibration calibration = new Calibration();
    private final SuspectLabels suspects;

    /**
     * @param labels names in the order of their ids
     * @param texts the rows; where nobody knows them there are no suspects
     * @param part what a row has several labels for: {@code word}; null if it has one
     */
    public LabelDoubts(List<String> labels, RowTexts texts, @Nullable String part) {
        this.labels = labels;
        this.texts = texts;
        this.part = part;
        this.suspects = new SuspectLabels(labels.size());
    }

    /**
     * Takes one label.
     *
     * @param part place of its part in the row, from 0; 0 for a row with one label
     * @param probabilities (K); not to be changed any more
     */
    public void add(int row, int part, int label, double[] probabilities, int best) {
        calibration.add(probabilities[best], best == label);
        if (texts.isKnown()) suspects.add((long) row << 32 | part, label, probabilities);
    }

    /** The reliability diagram, and the suspects if there are any. */
    public List<Artifact> artifacts() {
        List<Artifact> artifacts = new ArrayList<>();
        if (calibration.total() > 0) artifacts.add(Artifact.Reliability.of(calibration));
        List<Suspect> all = suspects.suspects();
        String title = "Labels that are likely to be wrong";
        if (all.size() > SHOWN) title += String.format(Locale.ROOT, " (%d of %,d)", SHOWN, all.size());
        List<String> heads = new ArrayList<>(List.of("label", "likely", "p(label)", "p(likely)"));
        if (part != null) heads.add(0, part);
        texts.table("suspects", title, heads, lines(all)).ifPresent(artifacts::add);
        return artifacts;
    }

    private List<RowTexts.Line> lines(List<Suspect> all) {
        List<RowTexts.Line> lines = new ArrayList<>();
        for (Suspect each : all.subList(0, Math.min(SHOWN, all.size()))) {
            List<Object> cells = new ArrayList<>();
            if (part != null) cells.add((each.place() & 0xFFFF_FFFFL) + 1);
            cells.add(labels.get(each.label()));
            cells.add(labels.get(each.likely()));
            cells.add(each.labelProbability());
            cells.add(each.likelyProbability());
            lines.add(new RowTexts.Line((int) (each.place() >> 32), cells));
        }
        return lines;
    }
}
