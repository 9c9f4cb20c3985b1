package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.task.TaskOptions.Predictions;
import java.util.ArrayList;
import java.util.List;

/**
 * All logits and labels of a pass, for a caller's own metrics; put into the order of the rows at the end. Of a batch only
 * what they are made of is kept: its tokens would be a hundred times as much.
 */
final class KeptPredictions {
    private record Piece(int[] rows, int[] labels, float[] targets, float[] logits) {}

    private final List<Piece> pieces = new ArrayList<>();

    void add(Batch batch, float[] logits) {
        pieces.add(new Piece(batch.rows(), batch.labels(), batch.targets(), logits));
    }

    Predictions predictions(int classes) {
        int rows = pieces.stream().mapToInt(piece -> piece.rows.length).sum();
        boolean ids = pieces.stream().anyMatch(piece -> piece.labels.length > 0);
        boolean numbers = pieces.stream().anyMatch(piece -> piece.targets.length > 0);
        float[] logits = new float[rows * classes];
        int[] labels = new int[ids ? rows : 0];
        float[] targets = new float[numbers ? rows * classes : 0];
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.rows.length; i++) {
                int row = piece.rows[i];
                System.arraycopy(piece.logits, i * classes, logits, row * classes, classes);
                if (ids) labels[row] = piece.labels[i];
                if (numbers) System.arraycopy(piece.targets, i * classes, targets, row * classes, classes);
            }
        }
        return new Predictions(logits, classes, labels, targets);
    }
}
