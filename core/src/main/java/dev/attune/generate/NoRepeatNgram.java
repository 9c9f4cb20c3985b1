package dev.attune.generate;

/** Bans tokens that would complete a sequence of {@code n} tokens that was there. */
final class NoRepeatNgram implements ScoreProcessor {
    private final int n;
    private final boolean inSource;

    private NoRepeatNgram(int n, boolean inSource) {
        this.n = n;
        this.inSource = inSource;
    }

    /** {@code no_repeat_ngram_size}: in the text so far. */
    static ScoreProcessor of(int n) {
        return new NoRepeatNgram(n, false);
    }

    /** {@code encoder_no_repeat_ngram_size}: in what the model was given. */
    static ScoreProcessor ofSource(int n) {
        return new NoRepeatNgram(n, true);
    }

    @Override
    public void process(History history, float[] scores) {
        if (history.length() < n - 1) return;
        int[] text = history.tail(history.length());
        int[] searched = inSource ? history.source() : text;
        int prefix = text.length - (n - 1); // the last n - 1 tokens begin there
        for (int at = 0; at + n <= searched.length; at++) {
            int token = searched[at + n - 1];
            if (token < scores.length && same(searched, at, text, prefix)) scores[token] = BANNED;
        }
    }

    private boolean same(int[] a, int atA, int[] b, int atB) {
        for (int i = 0; i < n - 1; i++) {
            if (a[atA + i] != b[atB + i]) return false;
        }
        return true;
    }
}
