package dev.attune.task;

import dev.attune.metric.Calibration;
import dev.attune.metric.Confusion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result as data. {@code report} makes text and pictures of it; a web page may make others. */
public sealed interface Artifact {
    /** A name for its files, of lower-case letters, digits and hyphens: {@code confusion}. */
    String name();

    /** What it shows, for people. */
    String title();

    /**
     * The same of another set of data.
     *
     * @param set what files call it: {@code test} makes {@code test-confusion}
     * @param people what people call it: {@code Test} makes {@code Test: Confusion matrix}
     */
    Artifact of(String set, String people);

    /**
     * Rows and columns.
     *
     * @param rows cells are texts, whole numbers ({@code Long}), numbers ({@code Double}) or null
     * @param quotes whether cells quote the data, which stay in the run folder and out of a card that is published
     */
    record Table(String name, String title, List<String> columns, List<List<@Nullable Object>> rows, boolean quotes)
            implements Artifact {
        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        @Override
        public Artifact of(String set, String people) {
            return new Table(set + "-" + name, people + ": " + title, columns, rows, quotes);
        }
    }

    /**
     * How often each label was taken for each other.
     *
     * @param counts true labels against predicted ones
     * @param labels their names in the order of the ids
     */
    record Matrix(String name, String title, Confusion counts, List<String> labels) implements Artifact {
        public Matrix {
            labels = List.copyOf(labels);
        }

        @Override
        public Artifact of(String set, String people) {
            return new Matrix(set + "-" + name, people + ": " + title, counts, labels);
        }
    }

    /**
     * Pairs of numbers.
     *
     * @param x one for each point
     * @param y one for each point
     * @param diagonal whether x and y measure the same, so that points on the diagonal are right
     */
    record Points(String name, String title, String xAxis, String yAxis, double[] x, double[] y, boolean diagonal)
            implements Artifact {
        @Override
        public Artifact of(String set, String people) {
            return new Points(set + "-" + name, people + ": " + title, xAxis, yAxis, x, y, diagonal);
        }
    }

    /**
     * How often values fall into each of some ranges of one width.
     *
     * @param low where the first range begins
     * @param high where the last one ends
     * @param counts values in each range, from the lowest to the highest
     */
    record Histogram(String name, String title, String xAxis, double low, double high, long[] counts)
            implements Artifact {
        /** Counts values from {@code low} to {@code high}, both inclusive, in so many ranges. */
        public static Histogram of(
                String name, String title, String xAxis, double[] values, double low, double high, int ranges) {
            long[] counts = new long[ranges];
            for (double value : values) {
                int range = (int) ((value - low) / (high - low) * ranges);
                counts[Math.max(0, Math.min(ranges - 1, range))]++;
            }
            return new Histogram(name, title, xAxis, low, high, counts);
        }

        @Override
        public Artifact of(String set, String people) {
            return new Histogram(set + "-" + name, people + ": " + title, xAxis, low, high, counts);
        }
    }

    /**
     * Whether the model is right as often as it says.
     *
     * @param calibration its answers in ranges of confidence
     */
    record Reliability(String name, String title, Calibration calibration) implements Artifact {
        /** That of all answers of an evaluation. */
        public static Reliability of(Calibration calibration) {
            return new Reliability("reliability", "Reliability of the probabilities", calibration);
        }

        @Override
        public Artifact of(String set, String people) {
            return new Reliability(set + "-" + name, people + ": " + title, calibration);
        }
    }

    /**
     * A JSON file for other programs, {@code predictions.json}: it is in the run folder and in no report, since it quotes the
     * data.
     *
     * @param name of the file without its ending; as other programs call it, with underscores
     * @param content maps, lists, texts, numbers, booleans
     */
    record Document(String name, String title, Object content) implements Artifact {
        @Override
        public Artifact of(String set, String people) {
            return new Document(set + "_" + name, people + ": " + title, content);
        }
    }
}
