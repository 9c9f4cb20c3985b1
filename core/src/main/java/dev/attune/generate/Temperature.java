package dev.attune.generate;

/** Divides all scores: below 1 the likely becomes likelier, above 1 less so. */
record Temperature(double value) implements ScoreProcessor {
    @Override
    public void process(History history, float[] scores) {
        float divisor = (float) value;
        for (int i = 0; i < scores.length; i++) scores[i] /= divisor;
    }
}
