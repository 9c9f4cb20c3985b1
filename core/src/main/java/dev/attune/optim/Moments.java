package dev.attune.optim;

import dev.attune.nn.Parameter;
import dev.attune.tensor.DType;
import dev.attune.tensor.Tensor;
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

    private final Parameter parameter;
    /** Steps made, a scalar. */
    private final Tensor steps = Tensor.zeros(DType.FLOAT32).keep();
    /** Which rows the moments are of; null if of the whole parameter. */
    private @Nullable KnownRows rows;
    /** The parameter's shape, or (at least as many as there are known rows, C). */
    private Tensor averages;

    private Tensor squares;

    /** @param first the parameter's first gradient: it decides whether moments are of rows or of the whole */
    Moments(Parameter parameter, Tensor first) {
        this.parameter = parameter;
        long[] shape = parameter.value().shape();
        if (first.isSparse()) {
            rows = new KnownRows((int) shape[0]);
            shape[0] = 0;
        }
        averages = Tensor.zeros(DType.FLOAT32, shape).keep();
        squares = Tensor.zeros(DType.FLOAT32, shape).keep();
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
