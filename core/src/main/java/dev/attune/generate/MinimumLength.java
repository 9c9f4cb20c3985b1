package dev.attune.generate;

/** Bans the end of a text that is too short: {@code min_length}, {@code min_new_tokens}. */
final class MinimumLength implements ScoreProcessor {
    private final int minimum;
    private final boolean newTokens;
    private final int[] eos;

    private MinimumLength(int minimum, boolean newTokens, int[] eos) {
        this.minimum = minimum;
        this.newTokens = newTokens;
        this.eos = eos;
    }

    /** Of the whole text: a decoder's prompt counts. */
    static ScoreProcessor of(int minimum, int[] eos) {
        return new MinimumLength(minimum, false, eos);
    }

    static ScoreProcessor ofNewTokens(int minimum, int[] eos) {
        return new MinimumLength(minimum, true, eos);
    }

    @Override
    public void process(History history, float[] scores) {
        int length = newTokens ? history.length() - history.start() : history.length();
        if (length < minimum) ScoreProcessor.ban(eos, scores);
    }
}
