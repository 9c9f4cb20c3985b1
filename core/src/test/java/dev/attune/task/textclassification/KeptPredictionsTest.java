package dev.attune.task.textclassification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attune.data.Batch;
import dev.attune.task.TaskOptions.Predictions;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class KeptPredictionsTest {
    private static Batch batch(int[] ids, int[] labels, float[] targets, int... rows) {
        return new Batch(
                ids,
                new int[ids.length],
                new int[rows.length],
                labels,
                new int[0],
                targets,
                rows,
                new long[rows.length]);
    }

    @Test
    void predictionsAreInTheOrderOfTheRows() {
        KeptPredictions kept = new KeptPredictions();
        kept.add(batch(new int[4], new int[] {7, 5}, new float[0], 2, 0), new float[] {20, 21, 0, 1});
        kept.add(batch(new int[2], new int[] {6}, new float[0], 1), new float[] {10, 11});
        Predictions predictions = kept.predictions(2);
        assertThat(predictions.rows()).isEqualTo(3);
        assertThat(predictions.logits()).containsExactly(0, 1, 10, 11, 20, 21);
        assertThat(predictions.labels()).containsExactly(5, 6, 7);
        assertThat(predictions.targets()).isEmpty();

        KeptPredictions numbers = new KeptPredictions();
        numbers.add(batch(new int[2], new int[0], new float[] {3, 4, 1, 2}, 1, 0), new float[] {3, 4, 1, 2});
        assertThat(numbers.predictions(2).targets()).containsExactly(1, 2, 3, 4);
        assertThat(numbers.predictions(2).labels()).isEmpty();
    }

    @Test
    void theTokensAreNotKept() {
        KeptPredictions kept = new KeptPredictions();
        WeakReference<int[]> ids = addBatch(kept);
        for (int i = 0; i < 100 && ids.get() != null; i++) System.gc();
        assertThat(ids.get()).isNull();
        assertThat(kept.predictions(1).labels()).containsExactly(3);
    }

    private static WeakReference<int[]> addBatch(KeptPredictions kept) {
        int[] ids = new int[1000];
        kept.add(batch(ids, new int[] {3}, new float[0], 0), new float[1]);
        return new WeakReference<>(ids);
    }
}
