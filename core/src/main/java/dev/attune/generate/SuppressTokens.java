package dev.attune.generate;

/** Bans tokens, everywhere or in the first place: {@code suppress_tokens}, {@code begin_suppress_tokens}. */
final class SuppressTokens implements ScoreProcessor {
    private final int[] tokens;
    private final boolean atBeginOnly;
    private final boolean forcedBos;

    private SuppressTokens(int[] tokens, boolean atBeginOnly, boolean forcedBos) {
        this.tokens = tokens;
        this.atBeginOnly = atBeginOnly;
        this.forcedBos = forcedBos;
    }

    static ScoreProcessor of(int[] tokens) {
        return new SuppressTokens(tokens, false, false);
    }

    /** @param forcedBos whether the first token is forced, so that the second is the first that is chosen */
    static ScoreProcessor atBegin(int[] tokens, boolean forcedBos) {
        return new SuppressTokens(tokens, true, forcedBos);
    }

    @Override
    public void process(History history, float[] scores) {
        int begin = history.start() + (forcedBos && history.start() <= 1 ? 1 : 0);
        if (!atBeginOnly || history.length() == begin) ScoreProcessor.ban(tokens, scores);
    }
}
