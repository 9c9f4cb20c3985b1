package dev.attune.task.textclassification;

import dev.attune.data.Batch;
import dev.attune.task.TaskOptions.Predictions;
import java.util.ArrayList;
import java.util.List;

/** All logits and labels of a pass, for a caller's own metrics; put into the order of the rows at the end. */
final class KeptPredictions {
    private record Piece(Batch batch, float[] logits) {}

    private final List<Piece> pieces = new ArrayList<>();

    void add(Batch batch, float[] logits) {
        pieces.add(new Piece(batch, logits));
    }

    Predictions predictions(int classes) {
        int rows = pieces.stream().mapToInt(piece -> piece.batch.size()).sum();
        boolean ids = pieces.stream().anyMatch(piece -> piece.batch.labels().length > 0);
        boolean numbers = pieces.stream().anyMatch(piece -> piece.batch.targets().length > 0);
        float[] logits = new float[rows * classes];
        int[] labels = new int[ids ? rows : 0];
        float[] targets = new float[numbers ? rows * classes : 0];
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.batch.size(); i++) {
                int row = piece.batch.rows()[i];
                System.arraycopy(piece.logits, i * classes, logits, row * classes, classes);
                if (ids) labels[row] = piece.batch.labels()[i];
                if (numbers) System.arraycopy(piece.batch.targets(), i * classes, targets, row * classes, classes);
            }
        }
        return new Predictions(logits, classes, labels, targets);
    }
}
