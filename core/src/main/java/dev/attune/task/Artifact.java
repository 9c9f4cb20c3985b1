package dev.attune.task;

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
}
