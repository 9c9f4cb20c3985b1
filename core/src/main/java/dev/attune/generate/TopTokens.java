package dev.attune.generate;

/** The largest of some numbers and where they stand, the largest first; equals in the order of their places. NaN is left out. */
final class TopTokens {
    private final float[] values;
    private final int[] places;
    private int count;

    private TopTokens(int k) {
        values = new float[k];
        places = new int[k];
    }

    static TopTokens of(float[] numbers, int k) {
        return of(numbers, numbers.length, k);
    }

    /** @param length how many of the numbers count */
    static TopTokens of(float[] numbers, int length, int k) {
        TopTokens top = new TopTokens(Math.min(k, length));
        for (int i = 0; i < length; i++) {
            if (top.count < top.values.length ? numbers[i] == numbers[i] : numbers[i] > top.values[top.count - 1])
                top.insert(numbers[i], i);
        }
        return top;
    }

    private void insert(float value, int place) {
        int at = count < values.length ? count++ : count - 1;
        while (at > 0 && values[at - 1] < value) {
            values[at] = values[at - 1];
            places[at] = places[at - 1];
            at--;
        }
        values[at] = value;
        places[at] = place;
    }

    int count() {
        return count;
    }

    float value(int rank) {
        return values[rank];
    }

    int place(int rank) {
        return places[rank];
    }
}
