package dev.attune.generate;

/** Makes numbers of what is none: {@code remove_invalid_values}. Tokens that were banned are merely very unlikely after it. */
final class RemoveInvalidValues implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        for (int i = 0; i < scores.length; i++) {
            float score = scores[i];
            if (Float.isNaN(score)) scores[i] = 0;
            else if (Float.isInfinite(score)) scores[i] = Math.copySign(Float.MAX_VALUE, score);
        }
    }
}
