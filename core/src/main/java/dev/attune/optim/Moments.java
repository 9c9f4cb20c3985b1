package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.error.CheckpointException;
import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam's memory of one parameter. As long as the gradients hold single rows (a table of words), there are moments only for
 * rows that ever had a gradient. Of all others both moments are zero, and so is Adam's step: leaving them out changes no
 * number. A data set for fine-tuning knows some thousand words of a vocabulary of thirty thousand.
 */
final class Moments implements AutoCloseable {
    /**
     * Beyond this share of the table all of it takes part. Counted in passes over memory: a known row costs 12, with
     * gathering and putting back; a row of the whole table 9, with the zeros around the gradient's rows.
     */
    private static final double WHOLE = 0.75;

    private static final String STEP = "step";
    private static final String AVERAGES = "exp_avg";
    private static final String SQUARES = "exp_avg_sq";
    private static final String ROWS = "rows";

    /** What one parameter has in a state. */
    static final List<String> NAMES = List.of(STEP, AVERAGES, SQUARES, ROWS);

    private final Parameter parameter;
    /** Steps made, a scalar. */
    private final Tensor steps;
    /** Which rows the moments are of; null if of the whole parameter. */
    private @Nullable KnownRows rows;
    /** The parameter's shape, or (at least as many as there are known rows, C). */
    private Tensor averages;

    private Tensor squares;

    /** @param first the parameter's first gradient: it decides whether moments are of rows or of the whole */
    Moments(Parameter parameter, Tensor first) {
        this.parameter = parameter;
        this.steps = Tensor.zeros(DType.FLOAT32).keep();
        long[] shape = parameter.value().shape();
        if (first.isSparse()) {
            rows = new KnownRows((int) shape[0]);
            shape[0] = 0;
        }
        averages = Tensor.zeros(DType.FLOAT32, shape).keep();
        squares = Tensor.zeros(DType.FLOAT32, shape).keep();
    }

    /** What was remembered of this parameter; takes the tensors of the state. */
    Moments(Parameter parameter, StateDict state) {
        this.parameter = parameter;
        long[] shape = parameter.value().shape();
        if (state.hasTensor(ROWS)) {
            rows = new KnownRows((int) shape[0], rows(state, shape[0]));
            shape[0] = rows.count();
        }
        Tensor steps = checked(state, STEP);
        Tensor averages = checked(state, AVERAGES, shape);
        Tensor squares = checked(state, SQUARES, shape);
        this.steps = steps.keep();
        this.averages = averages.keep();
        this.squares = squares.keep();
    }

    /** Whether a part of a state is of a parameter that has had a gradient. */
    static boolean isIn(StateDict state) {
        return NAMES.stream().anyMatch(state::hasTensor);
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
        if (rows == null) {
            state.put(AVERAGES, averages).put(SQUARES, squares);
            return;
        }
        state.put(ROWS, Tensor.ofInts(rows.numbers()));
        state.put(AVERAGES, averages.narrow(0, 0, rows.count()));
        state.put(SQUARES, squares.narrow(0, 0, rows.count()));
    }

    /**
     * What takes part in one step.
     *
     * @param value the parameter itself, or a copy of the rows to be put back
     * @param rows their numbers (n); null for the whole parameter
     */
    record Part(
            Tensor value,
            Tensor gradient,
            Tensor averages,
            Tensor squares,
            Tensor steps,
            @Nullable Tensor rows) {}

    /** What takes part in the step with this gradient; in the current scope. */
    Part part(Tensor gradient) {
        if (rows != null && gradient.isSparse()) {
            int[] places = rows.places(gradient.sparseRows().toLongs());
            if (rows.count() <= WHOLE * rows.of()) return known(rows, places, gradient.sparseValues());
        }
        if (rows != null) becomeWhole(rows);
        return new Part(parameter.value(), gradient.toDense(), averages, squares, steps, null);
    }

    /**
     * Ends the step of a part: rows return to the table.
     *
     * @param decay factor of this step's weight decay, which meets the table's other rows too
     */
    void putBack(Part part, double decay) {
        if (part.rows() == null) return;
        if (decay != 1) parameter.value().mulInPlace(decay);
        parameter.value().rowsInPlace(part.rows(), part.value());
    }

    private Part known(KnownRows rows, int[] places, Tensor values) {
        makeRoom(rows);
        Tensor numbers = Tensor.ofInts(rows.numbers());
        return new Part(
                parameter.value().rows(numbers),
                values.scatterRows(Tensor.ofInts(places), rows.count()),
                averages.narrow(0, 0, rows.count()),
                squares.narrow(0, 0, rows.count()),
                steps,
                numbers);
    }

    /** Room for half as many rows again, so that growing is rare. */
    private void makeRoom(KnownRows rows) {
        if (averages.size(0) >= rows.count()) return;
        long room = Math.min(rows.count() + rows.count() / 2, rows.of());
        averages = replaced(averages, grown(averages, room));
        squares = replaced(squares, grown(squares, room));
    }

    private static Tensor grown(Tensor moments, long room) {
        Tensor grown = Tensor.zeros(DType.FLOAT32, room, moments.size(1));
        grown.narrow(0, 0, moments.size(0)).copyInPlace(moments);
        return grown;
    }

    private void becomeWhole(KnownRows rows) {
        makeRoom(rows);
        Tensor numbers = Tensor.ofInts(rows.numbers());
        averages = replaced(averages, averages.narrow(0, 0, rows.count()).scatterRows(numbers, rows.of()));
        squares = replaced(squares, squares.narrow(0, 0, rows.count()).scatterRows(numbers, rows.of()));
        this.rows = null;
    }

    private static Tensor replaced(Tensor old, Tensor replacement) {
        old.close();
        return replacement.keep();
    }

    @Override
    public void close() {
        steps.close();
        averages.close();
        squares.close();
    }
}
