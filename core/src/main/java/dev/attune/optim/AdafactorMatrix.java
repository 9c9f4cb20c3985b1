package dev.attune.optim;

import dev.attune.tensor.DType;
import dev.attune.tensor.Dispatch;
import dev.attune.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One step of {@link Adafactor} for a matrix, or for some rows of a table, in three passes over the gradient: means of its
 * squares, the norm of the update, the update. The update is computed twice: that costs less than to write it down and read it
 * again.
 */
final class AdafactorMatrix {
    private final ParameterMemory.Part part;
    private final double kept;
    private final double gradientFactor;
    private final long columns;
    /** Of the whole table. */
    private final long rows;

    /** Means of squares of each row of the gradient, (n); then what it is multiplied with, (n, 1). */
    private Tensor byRow;
    /** Sums of squares of each column of a piece, (pieces, C); then what columns are multiplied with, (C). */
    private Tensor byColumn;
    /** Squared norms of the update of each piece: added up in their order, whichever thread is first. */
    private double[] norms;

    AdafactorMatrix(ParameterMemory.Part part, double kept, double gradientFactor) {
        this.part = part;
        this.kept = kept;
        this.gradientFactor = gradientFactor;
        rows = part.memory().get(0).size(0);
        columns = part.memory().get(1).size(0);
    }

    /** @param decay what parameters are multiplied with first */
    static void step(List<AdafactorMatrix> matrices, double learningRate, double decay) {
        if (matrices.isEmpty()) return;
        long widest = matrices.stream().mapToLong(each -> each.columns).max().orElseThrow();
        List<Blocks.Piece> pieces = new ArrayList<>();
        for (int i = 0; i < matrices.size(); i++) pieces.addAll(matrices.get(i).pieces(i));
        Function<Blocks.Piece, AdafactorMatrix> of = piece -> matrices.get(piece.of());
        Blocks.inParallel(
                pieces, widest, (piece, free, other) -> of.apply(piece).squares(piece, free));
        matrices.forEach(AdafactorMatrix::average);
        Blocks.inParallel(
                pieces, widest, (piece, free, other) -> of.apply(piece).norm(piece, free));
        double[] rates =
                matrices.stream().mapToDouble(each -> each.rate(learningRate)).toArray();
        Blocks.inParallel(
                pieces,
                widest,
                (piece, free, other) -> Adafactor.move(
                        piece.of(of.apply(piece).part.value()),
                        of.apply(piece).update(piece, free),
                        decay,
                        rates[piece.of()]));
    }

    private List<Blocks.Piece> pieces(int number) {
        List<Blocks.Piece> pieces = Blocks.of(number, part.gradient().size(0), columns);
        byRow = Tensor.empty(DType.FLOAT32, part.gradient().size(0));
        byColumn = Tensor.zeros(DType.FLOAT32, pieces.size(), columns);
        norms = new double[pieces.size()];
        return pieces;
    }

    private void squares(Blocks.Piece piece, Tensor free) {
        Tensor squares = block(piece, free);
        Tensor gradient = piece.of(part.gradient());
        Dispatch.call("aten::mul", "out", gradient, gradient, squares);
        piece.of(byRow).copyInPlace(squares.sum(1).div(columns));
        byColumn.narrow(0, piece.number(), 1).copyInPlace(squares.sum(0));
    }

    private void average() {
        Tensor rowSquares = part.memory().get(0);
        Tensor columnSquares = part.memory().get(1);
        double square = gradientFactor * gradientFactor;
        Tensor means = part.rows() == null ? byRow : byRow.scatterRows(part.rows(), rows);
        Adafactor.average(rowSquares, means.mul(square), kept);
        Adafactor.average(columnSquares, byColumn.sum(0).mul(square / rows), kept);
        Tensor ofRows = Adafactor.rsqrt(rowSquares.div(rowSquares.mean().item()));
        byRow = (part.rows() == null ? ofRows : ofRows.rows(part.rows())).view(-1, 1);
        byColumn = Adafactor.rsqrt(columnSquares).mul(gradientFactor);
    }

    private void norm(Blocks.Piece piece, Tensor free) {
        double norm = update(piece, free).norm();
        norms[piece.number()] = norm * norm;
    }

    private double rate(double learningRate) {
        double sum = 0;
        for (double norm : norms) sum += norm;
        return Adafactor.rate(learningRate, Math.sqrt(sum), rows * columns);
    }

    private Tensor update(Blocks.Piece piece, Tensor free) {
        Tensor update = block(piece, free);
        Dispatch.call("aten::mul", "out", piece.of(part.gradient()), byColumn, update);
        Dispatch.call("aten::mul_", "Tensor", update, piece.of(byRow));
        return update;
    }

    private Tensor block(Blocks.Piece piece, Tensor free) {
        return free.narrow(0, 0, piece.length() * columns).view(piece.length(), columns);
    }
}
