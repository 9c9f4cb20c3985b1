package dev.attune.task;

import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The label column of a data set: what kind of problem it poses, which labels there are, and the number of each row.
 *
 * @param problem what the labels mean
 * @param names label names in the order of their ids; one name for regression
 */
public record Labels(ProblemType problem, List<String> names) {

    /** Label ids of a row for classes, targets for the other kinds; the one not used is empty. */
    public record Value(int[] classes, float[] targets) {}

    /**
     * Finds out what the label column holds. Numbers with a decimal point are targets of a regression, lists (or text with
     * {@code |} between labels, if multi-label is asked for) are sets of labels, anything else is a class. Ids follow the
     * sorted order of the labels, as in the reference's example script; whole numbers sort as numbers.
     *
     * @param given label names in the wanted order, or null to take them from the data
     * @param asked the problem type, or null to decide by the values
     */
    public static Labels infer(Dataset data, String column, @Nullable List<String> given, @Nullable ProblemType asked) {
        ProblemType problem = asked != null ? asked : problemOf(data, column);
        if (problem == ProblemType.REGRESSION) {
            if (given != null && given.size() > 1) {
                throw new ConfigException("labels names " + given.size()
                        + " labels, but the column \"" + column + "\" holds decimal numbers, which is a regression."
                        + " Remove labels, or set problem_type: single_label_classification.");
            }
            return new Labels(problem, given == null ? List.of("LABEL_0") : List.copyOf(given));
        }
        if (given != null) return new Labels(problem, List.copyOf(given));
        TreeSet<String> found = new TreeSet<>(Labels::compare);
        for (int row = 0; row < data.size(); row++) {
            found.addAll(parts(required(data, row, column), problem));
        }
        if (problem == ProblemType.SINGLE_LABEL_CLASSIFICATION && found.size() < 2) {
            throw new DataException("Every row of " + data.name() + " has the label \"" + found.first()
                    + "\" in the column \"" + column + "\": there is nothing to learn. Give data with at least two"
                    + " labels, or set label_column to another column of " + data.columns() + ".");
        }
        if (found.size() > 1000 && found.size() > data.size() / 2) {
            throw new DataException("The column \"" + column + "\" of " + data.name() + " has " + found.size()
                    + " different values in " + data.size() + " rows and does not look like labels. Set label_column to"
                    + " another column of " + data.columns() + ".");
        }
        return new Labels(problem, new ArrayList<>(found));
    }

    private static ProblemType problemOf(Dataset data, String column) {
        boolean decimals = false;
        for (int row = 0; row < data.size(); row++) {
            Object value = required(data, row, column);
            if (value instanceof Collection<?> || value instanceof Object[]) {
                return ProblemType.MULTI_LABEL_CLASSIFICATION;
            }
            String text = value.toString().trim();
            if (!isNumber(text)) return ProblemType.SINGLE_LABEL_CLASSIFICATION;
            decimals |= value instanceof Double || value instanceof Float || !isWhole(text);
        }
        return decimals ? ProblemType.REGRESSION : ProblemType.SINGLE_LABEL_CLASSIFICATION;
    }

    /** The ids or targets of every row; each wrong value is an error with its row. */
    public List<Value> read(Dataset data, String column) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < names.size(); id++) {
            if (ids.put(names.get(id), id) != null) {
                throw new ConfigException("labels names \"" + names.get(id) + "\" twice.");
            }
        }
        List<Value> values = new ArrayList<>(data.size());
        for (int row = 0; row < data.size(); row++) values.add(value(data, row, column, ids));
        return values;
    }

    private Value value(Dataset data, int row, String column, Map<String, Integer> ids) {
        Object value = required(data, row, column);
        if (problem == ProblemType.REGRESSION) {
            String text = value.toString().trim();
            if (!isNumber(text) || !Double.isFinite(Double.parseDouble(text))) {
                throw new DataException(data.where(row) + ": the target in column \"" + column + "\" is \"" + text
                        + "\", expected a finite number.");
            }
            return new Value(new int[0], new float[] {Float.parseFloat(text)});
        }
        if (problem == ProblemType.MULTI_LABEL_CLASSIFICATION) {
            float[] targets = new float[names.size()];
            for (String part : parts(value, problem)) targets[id(part, data, row, column, ids)] = 1;
            return new Value(new int[0], targets);
        }
        String label = parts(value, problem).get(0);
        return new Value(new int[] {id(label, data, row, column, ids)}, new float[0]);
    }

    private int id(String label, Dataset data, int row, String column, Map<String, Integer> ids) {
        Integer id = ids.get(label);
        if (id != null) return id;
        throw new DataException(data.where(row) + ": the label in column \"" + column + "\" is \"" + label
                + "\", but the model has the " + names.size() + " labels " + shortList() + "."
                + Suggestion.didYouMean(label, names)
                + " Correct the row, or name all labels with the key labels.");
    }

    private String shortList() {
        List<String> first = names.subList(0, Math.min(10, names.size()));
        return first + (names.size() > 10 ? " …" : "");
    }

    private static Object required(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        if (value == null || value.toString().isBlank()) {
            throw new DataException(data.where(row) + ": the label in column \"" + column
                    + "\" is empty. Give it a label, or remove the row.");
        }
        return value;
    }

    private static List<String> parts(Object value, ProblemType problem) {
        if (problem == ProblemType.MULTI_LABEL_CLASSIFICATION) {
            if (value instanceof Collection<?> list)
                return list.stream().map(Labels::text).toList();
            if (value instanceof Object[] array)
                return Arrays.stream(array).map(Labels::text).toList();
            return Arrays.stream(value.toString().split("\\|"))
                    .map(String::trim)
                    .filter(part -> !part.isEmpty())
                    .toList();
        }
        return List.of(text(value));
    }

    private static String text(Object value) {
        return value.toString().trim();
    }

    private static boolean isNumber(String text) {
        try {
            Double.parseDouble(text);
            return !text.endsWith("d") && !text.endsWith("f") && !text.endsWith("D") && !text.endsWith("F");
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isWhole(String text) {
        return text.chars().allMatch(c -> Character.isDigit(c) || c == '-' || c == '+');
    }

    private static int compare(String a, String b) {
        if (isWhole(a) && isWhole(b) && isNumber(a) && isNumber(b)) {
            return new java.math.BigInteger(a).compareTo(new java.math.BigInteger(b));
        }
        return a.compareTo(b);
    }
}
