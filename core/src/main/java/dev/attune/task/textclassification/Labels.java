package dev.attune.task.textclassification;

import dev.attune.data.DataCache;
import dev.attune.data.Dataset;
import dev.attune.error.ConfigException;
import dev.attune.error.DataException;
import dev.attune.error.Suggestion;
import dev.attune.io.Sha256;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The label column of a data set: what kind of problem it poses, which labels there are, and the number of each row.
 *
 * @param problem what the labels mean
 * @param names label names in the order of their ids; one name for regression
 */
public record Labels(ProblemType problem, List<String> names) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The names, if a row has exactly one of them; else none. */
    List<String> classNames() {
        return problem == ProblemType.SINGLE_LABEL_CLASSIFICATION ? names : List.of();
    }

    /** Label ids of a row for classes, targets for the other kinds; the one not used is empty. */
    public record Value(int[] classes, float[] targets) {}

    /** Rows from which on it is worth remembering what labels a column holds. */
    private static final int LARGE = 50_000;

    /** As {@link #infer}; what was inferred from large data is kept in {@code cache}. */
    static Labels of(
            Dataset data, String column, @Nullable List<String> given, @Nullable ProblemType asked, DataCache cache) {
        if (data.size() < LARGE || given != null) return infer(data, column, given, asked);
        String key = Sha256.of(List.of("labels 2", data.sha256(), column, String.valueOf(asked)));
        String found = cache.memo(key, () -> {
            Labels labels = infer(data, column, null, asked);
            return JSON.writeValueAsString(Map.of("problem", labels.problem.key(), "names", labels.names));
        });
        JsonNode node = JSON.readTree(found);
        List<String> names = new ArrayList<>();
        node.get("names").forEach(name -> names.add(name.stringValue()));
        return new Labels(ProblemType.named(node.get("problem").stringValue()), names);
    }

    /**
     * Finds out what the label column holds. Numbers with a decimal point are targets of a regression, lists (or text with
     * {@code |} between labels, if multi-label is asked for) are sets of labels, anything else is a class. Ids follow the
     * sorted order of the labels, as in the reference's example script; if all are whole numbers, they sort as numbers.
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
        Set<String> found = new HashSet<>();
        for (int row = 0; row < data.size(); row++) {
            found.addAll(parts(data, row, column, requiredInAll(data, row, column), problem));
        }
        if (problem == ProblemType.SINGLE_LABEL_CLASSIFICATION && found.size() < 2) {
            throw new DataException("Every row of " + data.name() + " has the label \""
                    + found.iterator().next()
                    + "\" in the column \"" + column + "\": there is nothing to learn. Give data with at least two"
                    + " labels, or set label_column to another column of " + data.columns() + ".");
        }
        if (found.size() > 1000 && found.size() > data.size() / 2) {
            throw new DataException("The column \"" + column + "\" of " + data.name() + " has " + found.size()
                    + " different values in " + data.size() + " rows and does not look like labels. Set label_column to"
                    + " another column of " + data.columns() + ".");
        }
        return new Labels(problem, sorted(found));
    }

    private static ProblemType problemOf(Dataset data, String column) {
        boolean decimals = false;
        for (int row = 0; row < data.size(); row++) {
            Object value = requiredInAll(data, row, column);
            if (value instanceof Collection<?>) {
                return ProblemType.MULTI_LABEL_CLASSIFICATION;
            }
            String text = value.toString().strip();
            if (!isNumber(text)) return ProblemType.SINGLE_LABEL_CLASSIFICATION;
            decimals |= value instanceof Double || value instanceof Float || !isWhole(text);
        }
        return decimals ? ProblemType.REGRESSION : ProblemType.SINGLE_LABEL_CLASSIFICATION;
    }

    /** Reads the labels of rows; several threads may use it. */
    final class Reader {
        private final Dataset data;
        private final String column;
        private final Map<String, Integer> ids = new HashMap<>();

        private Reader(Dataset data, String column) {
            this.data = data;
            this.column = column;
            for (int id = 0; id < names.size(); id++) {
                if (ids.put(names.get(id), id) != null) {
                    throw new ConfigException("labels names \"" + names.get(id) + "\" twice.");
                }
            }
        }

        /** Whether the row has a label, right or wrong. */
        boolean has(int row) {
            return !isEmpty(data.value(row, column));
        }

        /**
         * The ids or targets of a row.
         *
         * @throws DataException with the row, if it has no label or none that the model knows
         */
        Value read(int row) {
            return value(data, row, column, ids);
        }
    }

    Reader reader(Dataset data, String column) {
        return new Reader(data, column);
    }

    /** The ids or targets of every row; each wrong value is an error with its row. */
    public List<Value> read(Dataset data, String column) {
        Reader reader = reader(data, column);
        List<Value> values = new ArrayList<>(data.size());
        for (int row = 0; row < data.size(); row++) values.add(reader.read(row));
        return values;
    }

    private Value value(Dataset data, int row, String column, Map<String, Integer> ids) {
        Object value = required(data, row, column);
        if (problem == ProblemType.REGRESSION) {
            String text = value.toString().strip();
            if (!isNumber(text) || !Double.isFinite(Double.parseDouble(text))) {
                throw new DataException(data.where(row) + ": the target in column \"" + column + "\" is \"" + text
                        + "\", expected a finite number.");
            }
            return new Value(new int[0], new float[] {Float.parseFloat(text)});
        }
        if (problem == ProblemType.MULTI_LABEL_CLASSIFICATION) {
            float[] targets = new float[names.size()];
            for (String part : parts(data, row, column, value, problem)) targets[id(part, data, row, column, ids)] = 1;
            return new Value(new int[0], targets);
        }
        String label = parts(data, row, column, value, problem).get(0);
        return new Value(new int[] {id(label, data, row, column, ids)}, new float[0]);
    }

    private int id(String label, Dataset data, int row, String column, Map<String, Integer> ids) {
        Integer id = ids.get(label);
        if (id != null) return id;
        throw new DataException(data.where(row) + ": the label in column \"" + column + "\" is \"" + label
                + "\", but the model has the " + names.size() + " labels " + shortList() + "."
                + Suggestion.didYouMean(label, names)
                + " Correct the row, or name all labels in the training with the key labels.");
    }

    private String shortList() {
        List<String> first = names.subList(0, Math.min(10, names.size()));
        return first + (names.size() > 10 ? " …" : "");
    }

    private static Object required(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        if (isEmpty(value)) throw empty(data, row, column, 0);
        return value;
    }

    /** As {@link #required}, but says how many rows further down have no label either. */
    private static Object requiredInAll(Dataset data, int row, String column) {
        Object value = data.value(row, column);
        if (!isEmpty(value)) return value;
        IntStream below = IntStream.range(row + 1, data.size());
        throw empty(
                data,
                row,
                column,
                below.filter(other -> isEmpty(data.value(other, column))).count());
    }

    private static DataException empty(Dataset data, int row, String column, long more) {
        return new DataException(data.where(row) + ": the label in column \"" + column + "\" is empty"
                + (more == 0
                        ? ". Give it a label, or remove the row."
                        : String.format(
                                Locale.ROOT, ", and %,d more are. Give them labels, or remove the rows.", more)));
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || value.toString().isBlank();
    }

    private static List<String> parts(Dataset data, int row, String column, Object value, ProblemType problem) {
        if (value instanceof Map<?, ?>) {
            throw new DataException(data.where(row) + ": the label in column \"" + column
                    + "\" is an object, expected a text or a number. Name another column.");
        }
        boolean list = value instanceof Collection<?>;
        if (problem != ProblemType.MULTI_LABEL_CLASSIFICATION) {
            if (list) {
                throw new DataException(data.where(row) + ": the label in column \"" + column
                        + "\" is a list, but problem_type is " + problem.key()
                        + ". Give the row one label, or set problem_type: multi_label_classification.");
            }
            return List.of(text(value));
        }
        if (!list) {
            return Arrays.stream(value.toString().split("\\|"))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
        }
        List<String> parts = new ArrayList<>();
        for (Object part : (Collection<?>) value) {
            if (part == null || part instanceof Collection<?> || part instanceof Map<?, ?>) {
                throw new DataException(data.where(row) + ": the list of labels in column \"" + column + "\" holds "
                        + (part == null ? "a null" : part instanceof Map<?, ?> ? "an object" : "a list")
                        + ", expected texts. Take it out of the list.");
            }
            parts.add(text(part));
        }
        return parts;
    }

    private static String text(Object value) {
        return value.toString().strip();
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

    /** Whole numbers by their value if there is nothing else, all else by the text: the rows' order decides nothing. */
    private static List<String> sorted(Set<String> labels) {
        Comparator<String> order = Comparator.naturalOrder();
        if (labels.stream().allMatch(label -> isWhole(label) && isNumber(label))) {
            order = Comparator.comparing((String label) -> new BigInteger(label))
                    .thenComparing(order);
        }
        return labels.stream().sorted(order).toList();
    }
}
