package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) as Hugging Face's Trainer makes it: with the learning rate of the run,
 * no scaling by the size of the parameters, and no first moment. Of a matrix only the means of squared gradients of each row
 * and column are remembered, their product in place of the squares themselves; of a vector all of them. An update whose root
 * mean square is above 1 is shortened to that. Weight decay is decoupled.
 */
public final class Adafactor extends RememberingOptimizer {
    /** Added to squared gradients. */
    private static final double EPSILON = 1e-30;

    private static final double DECAY_RATE = -0.8;
    private static final double CLIP_THRESHOLD = 1;

    /** @throws IllegalArgumentException for a parameter of more than two dimensions */
    public Adafactor(ParameterGroups groups) {
        super(groups);
    }

    @Override
    Map<String, long[]> tensors(long[] shape) {
        if (shape.length < 2) return Map.of("exp_avg_sq", shape);
        if (shape.length > 2) throw new IllegalArgumentException("Adafactor takes vectors and matrices only.");
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("exp_avg_sq_row", new long[] {shape[0]});
        tensors.put("exp_avg_sq_col", new long[] {shape[1]});
        return tensors;
    }

    @Override
    boolean restsWithoutGradient(ParameterGroup group) {
        return false; // what is remembered is of all rows
    }

    /** Rows without gradient do not move: an update is a multiple of the gradient. */
    @Override
    ParameterMemory.Part part(ParameterGroup group, ParameterMemory memory, Tensor gradient) {
        return gradient.isSparse() ? memory.rowsOf(gradient) : memory.part(gradient);
    }

    @Override
    double restDecay(ParameterGroup group, double learningRate) {
        return 1 - learningRate * group.weightDecay();
    }

    @Override
    void update(ParameterGroup group, List<ParameterMemory.Part> parts, double learningRate, double gradientFactor) {
        Tensor scratch = Blocks.scratch();
        for (ParameterMemory.Part part : parts) {
            double kept = 1 - Math.pow(part.steps().item(), DECAY_RATE);
            double decay = restDecay(group, learningRate);
            if (part.memory().size() > 1) matrix(part, kept, learningRate, decay, gradientFactor, scratch);
            else vector(part, kept, learningRate, decay, gradientFactor);
        }
    }

    private static void vector(
            ParameterMemory.Part part, double kept, double learningRate, double decay, double gradientFactor) {
        Tensor squares = part.memory().get(0);
        Tensor gradient = part.gradient().mul(gradientFactor);
        average(squares, gradient.mul(gradient), kept);
        Tensor update = rsqrt(squares).mul(gradient);
        move(part.value(), update, decay, step(learningRate, update.norm(), update.elements()));
    }

    private static void matrix(
            ParameterMemory.Part part,
            double kept,
            double learningRate,
            double decay,
            double gradientFactor,
            Tensor scratch) {
        Tensor gradient = part.gradient();
        Tensor rowSquares = part.memory().get(0);
        Tensor columnSquares = part.memory().get(1);
        long rows = gradient.size(0);
        long columns = gradient.size(1);
        long allRows = rowSquares.size(0);

        Tensor rowMeans = Tensor.empty(DType.FLOAT32, rows);
        Tensor columnSums = Tensor.zeros(DType.FLOAT32, columns);
        Blocks.over(rows, columns, piece -> {
            Tensor squares = block(scratch, piece.length(), columns);
            Tensor g = piece.of(gradient);
            Dispatch.call("aten::mul", "out", g, g, squares);
            piece.of(rowMeans).copyInPlace(squares.sum(1).div(columns));
            Dispatch.call("aten::add_", "Tensor", columnSums, squares.sum(0), 1.0);
        });
        double square = gradientFactor * gradientFactor;
        Tensor means = part.rows() == null ? rowMeans : rowMeans.scatterRows(part.rows(), allRows);
        average(rowSquares, means.mul(square), kept);
        average(columnSquares, columnSums.mul(square / allRows), kept);

        Tensor ofRows = rsqrt(rowSquares.div(rowSquares.mean().item()));
        Tensor byRow = (part.rows() == null ? ofRows : ofRows.rows(part.rows())).view(rows, 1);
        Tensor byColumn = rsqrt(columnSquares).mul(gradientFactor);
        double[] sum = {0};
        Blocks.over(rows, columns, piece -> {
            double norm = scaled(piece, gradient, byRow, byColumn, scratch).norm();
            sum[0] += norm * norm;
        });
        double step = step(learningRate, Math.sqrt(sum[0]), allRows * columns);
        // Computed a second time: that costs less than to write it down and read it again.
        Blocks.over(
                rows,
                columns,
                piece -> move(
                        piece.of(part.value()), scaled(piece, gradient, byRow, byColumn, scratch), decay, step));
    }

    private static Tensor scaled(Blocks.Piece piece, Tensor gradient, Tensor byRow, Tensor byColumn, Tensor scratch) {
        Tensor update = block(scratch, piece.length(), byColumn.elements());
        Dispatch.call("aten::mul", "out", piece.of(gradient), byColumn, update);
        Dispatch.call("aten::mul_", "Tensor", update, piece.of(byRow));
        return update;
    }

    private static Tensor block(Tensor scratch, long rows, long columns) {
        // One row may be longer than a block.
        if (rows * columns > scratch.elements()) return Tensor.empty(DType.FLOAT32, rows, columns);
        return scratch.narrow(0, 0, rows * columns).view(rows, columns);
    }

    private static void average(Tensor average, Tensor squares, double kept) {
        average.mulInPlace(kept);
        Dispatch.call("aten::add_", "Scalar", squares, EPSILON, 1.0);
        Dispatch.call("aten::add_", "Tensor", average, squares, 1 - kept);
    }

    private static double step(double learningRate, double norm, long elements) {
        return learningRate / Math.max(1, norm / Math.sqrt(elements) / CLIP_THRESHOLD);
    }

    private static void move(Tensor value, Tensor update, double decay, double step) {
        if (decay != 1) value.mulInPlace(decay);
        Dispatch.call("aten::add_", "Tensor", value, update, -step);
    }

    private static Tensor rsqrt(Tensor tensor) {
        return Dispatch.call("aten::rsqrt", "", tensor);
    }
}
