package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.CheckpointException;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer remembers of one parameter: tensors with names, and how many steps were made. As long as the gradients
 * hold single rows (a table of words), there is memory only for rows that ever had a gradient. That of all others is zero,
 * and so is their step: leaving them out changes no number. A data set for fine-tuning knows some thousand words of a
 * vocabulary of thirty thousand.
 */
final class ParameterMemory implements AutoCloseable {
    /**
     * Beyond this share of the table all of it takes part. Counted in passes over memory, of Adam: a known row costs 12, with
     * gathering and putting back; a row of the whole table 9, with the zeros around the gradient's rows.
     */
    private static final double WHOLE = 0.75;

    private static final String STEP = "step";
    private static final String ROWS = "rows";

    private final Parameter parameter;
    /** Steps made, a scalar. */
    private final Tensor steps;
    /** Which rows the tensors are of; null if of the whole parameter. */
    private @Nullable KnownRows rows;
    /** By name; by rows each has the parameter's row and at least as many of them as are known. */
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * @param shapes of the tensors
     * @param byRows whether there are rows without memory; all tensors have the parameter's shape then
     */
    ParameterMemory(Parameter parameter, Map<String, long[]> shapes, boolean byRows) {
        this.parameter = parameter;
        this.steps = Tensor.zeros(DType.FLOAT32).keep();
        if (byRows) rows = new KnownRows((int) parameter.value().size(0));
        shapes.forEach((name, shape) ->
                tensors.put(name, Tensor.zeros(DType.FLOAT32, shape(shape)).keep()));
    }

    /** What was remembered of this parameter; takes the tensors of the state. */
    ParameterMemory(Parameter parameter, Map<String, long[]> shapes, StateDict state) {
        this.parameter = parameter;
        if (state.hasTensor(ROWS)) {
            long of = parameter.value().size(0);
            rows = new KnownRows((int) of, rows(state, of));
        }
        Tensor steps = checked(state, STEP);
        shapes.forEach((name, shape) -> tensors.put(name, checked(state, name, shape(shape))));
        this.steps = steps.keep();
        tensors.values().forEach(Tensor::keep);
    }

    /** Of tensors by rows: as many as there are known ones. */
    private long[] shape(long[] whole) {
        long[] shape = whole.clone();
        if (rows != null) shape[0] = rows.count();
        return shape;
    }

    /** All names that one parameter can have in a state. */
    static Set<String> names(Set<String> tensors) {
        Set<String> names = new TreeSet<>(tensors);
        names.add(STEP);
        names.add(ROWS);
        return names;
    }

    private static long[] rows(StateDict state, long of) {
        long[] rows = state.tensor(ROWS).toLongs();
        long different = Arrays.stream(rows).distinct().count();
        if (different < rows.length || Arrays.stream(rows).anyMatch(row -> row < 0 || row >= of)) {
            throw new CheckpointException(
                    state.name(ROWS) + " does not hold different rows of a table of " + of + " rows.");
        }
        return rows;
    }

    private static Tensor checked(StateDict state, String name, long... shape) {
        Tensor saved = state.tensor(name);
        if (saved.type() != DType.FLOAT32 || !Arrays.equals(saved.shape(), shape)) {
            throw new CheckpointException(state.name(name) + " is " + saved.type() + " of shape "
                    + Arrays.toString(saved.shape()) + ", but FLOAT32 of shape " + Arrays.toString(shape)
                    + " was expected.");
        }
        return saved;
    }

    /** Writes down what is remembered. */
    void save(StateDict state) {
        state.put(STEP, steps);
        if (rows != null) state.put(ROWS, Tensor.ofInts(rows.numbers()));
        tensors.forEach((name, tensor) -> state.put(name, known(tensor)));
    }

    /**
     * What takes part in one step.
     *
     * @param value the parameter itself, or a copy of the rows to be put back
     * @param memory the tensors, in the order of their names
     * @param steps made, this one included
     * @param rows their numbers (n); null for the whole parameter
     */
    record Part(
            Tensor value,
            Tensor gradient,
            List<Tensor> memory,
            Tensor steps,
            @Nullable Tensor rows) {}

    /** What takes part in the step with this gradient; in the current scope. */
    Part part(Tensor gradient) {
        if (rows != null && gradient.isSparse()) {
            int[] places = rows.places(gradient.sparseRows().toLongs());
            if (rows.count() <= WHOLE * rows.of()) return known(rows, places, gradient.sparseValues());
        }
        if (rows != null) becomeWhole(rows);
        return new Part(parameter.value(), gradient.toDense(), List.copyOf(tensors.values()), steps, null);
    }

    /** The rows that this sparse gradient has, and the whole of what is remembered; in the current scope. */
    Part rowsOf(Tensor gradient) {
        Tensor numbers = gradient.sparseRows();
        return new Part(
                parameter.value().rows(numbers),
                gradient.sparseValues(),
                List.copyOf(tensors.values()),
                steps,
                numbers);
    }

    /**
     * Ends the step of a part: rows return to the table.
     *
     * @param decay what the table's other rows are multiplied with
     */
    void putBack(Part part, double decay) {
        if (part.rows() == null) return;
        if (decay != 1) parameter.value().mulInPlace(decay);
        parameter.value().rowsInPlace(part.rows(), part.value());
    }

    private Part known(KnownRows rows, int[] places, Tensor values) {
        makeRoom(rows);
        Tensor numbers = Tensor.ofInts(rows.numbers());
        List<Tensor> memory = new ArrayList<>();
        tensors.values().forEach(tensor -> memory.add(known(tensor)));
        return new Part(
                parameter.value().rows(numbers),
                values.scatterRows(Tensor.ofInts(places), rows.count()),
                memory,
                steps,
                numbers);
    }

    private Tensor known(Tensor tensor) {
        return rows == null ? tensor : tensor.narrow(0, 0, rows.count());
    }

    /** Room for half as many rows again, so that growing is rare. */
    private void makeRoom(KnownRows rows) {
        tensors.replaceAll((name, tensor) -> {
            if (tensor.size(0) >= rows.count()) return tensor;
            long room = Math.min(rows.count() + rows.count() / 2, rows.of());
            Tensor grown = Tensor.zeros(DType.FLOAT32, room, tensor.size(1));
            grown.narrow(0, 0, tensor.size(0)).copyInPlace(tensor);
            return replaced(tensor, grown);
        });
    }

    private void becomeWhole(KnownRows rows) {
        makeRoom(rows);
        Tensor numbers = Tensor.ofInts(rows.numbers());
        tensors.replaceAll((name, tensor) ->
                replaced(tensor, tensor.narrow(0, 0, rows.count()).scatterRows(numbers, rows.of())));
        this.rows = null;
    }

    private static Tensor replaced(Tensor old, Tensor replacement) {
        old.close();
        return replacement.keep();
    }

    @Override
    public void close() {
        steps.close();
        tensors.values().forEach(Tensor::close);
    }
}
