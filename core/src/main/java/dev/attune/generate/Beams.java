package dev.attune.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beams of one prompt: the beginnings that go on, and the best texts that ended. Scores are floats and are added up in the
 * order of the reference, so that what is nearly equal falls out as there.
 */
final class Beams {
    /** What the reference takes for "never": added to a score, it leaves nothing of it. */
    private static final float NEVER = -1e9f;

    /** @param reason null for a place that no text has taken yet */
    private record Ended(
            History history, float score, @Nullable FinishReason reason) {}

    private final GenerationConfig config;
    private final Stopping stopping;
    private final int count;
    private final int maxLength;
    private final int start;

    private List<History> running;
    private float[] runningScores;
    private int[] parents;
    private List<Ended> ended;
    /** Whether the best beam may still come among the texts that ended; once it may not, it never will. */
    private boolean improvable = true;

    private boolean done;

    Beams(GenerationConfig config, Stopping stopping, History begun) {
        this.config = config;
        this.stopping = stopping;
        this.count = config.numBeams();
        this.maxLength = begun.maxLength();
        this.start = begun.start();
        // All beams begin alike: only the first counts, or each would find the same tokens.
        running = Collections.nCopies(count, begun);
        runningScores = new float[count];
        for (int b = 1; b < count; b++) runningScores[b] = NEVER;
        parents = new int[count];
        ended = Collections.nCopies(count, new Ended(begun, NEVER, null));
    }

    History history(int beam) {
        return running.get(beam);
    }

    float score(int beam) {
        return runningScores[beam];
    }

    /** Which beam of the last step a beam goes on from. */
    int parent(int beam) {
        return parents[beam];
    }

    boolean isDone() {
        return done;
    }

    /**
     * One step: goes on with the best candidates that do not end, and keeps the best that do.
     *
     * @param candidates more than there are beams, since some may end
     * @param scores theirs, all steps added up
     */
    void step(List<Candidate> candidates) {
        int size = candidates.size();
        List<History> grown = new ArrayList<>();
        List<@Nullable FinishReason> reasons = new ArrayList<>();
        float[] open = new float[size];
        boolean allEnd = true;
        for (int k = 0; k < size; k++) {
            Candidate candidate = candidates.get(k);
            History history = running.get(candidate.beam()).with(candidate.token());
            FinishReason reason = stopping.reason(history);
            grown.add(history);
            reasons.add(reason);
            open[k] = candidate.score() + (reason == null ? 0 : NEVER);
            allEnd &= reason != null;
        }
        collect(candidates, grown, reasons);
        goOn(candidates, grown, open);
        improvable &= mayImprove();
        done = !improvable || allEnd || isFull() && config.earlyStopping() == EarlyStopping.TRUE;
    }

    private void goOn(List<Candidate> candidates, List<History> grown, float[] open) {
        TopTokens best = TopTokens.of(open, count);
        running = new ArrayList<>();
        runningScores = new float[count];
        parents = new int[count];
        for (int b = 0; b < count; b++) {
            int k = best.place(b);
            running.add(grown.get(k));
            runningScores[b] = best.value(b);
            parents[b] = candidates.get(k).beam();
        }
    }

    /** Only a candidate that is among the first as many as there are beams may be a text that ended. */
    private void collect(List<Candidate> candidates, List<History> grown, List<@Nullable FinishReason> reasons) {
        float divisor = (float) Math.pow(grown.get(0).length() - start, config.lengthPenalty());
        boolean closed = isFull() && config.earlyStopping() == EarlyStopping.TRUE;
        List<Ended> all = new ArrayList<>(ended);
        for (int k = 0; k < candidates.size(); k++) {
            FinishReason reason = k < count ? reasons.get(k) : null;
            float score = candidates.get(k).score() / divisor;
            if (closed) score += NEVER;
            if (!improvable) score += NEVER;
            if (reason == null) score += NEVER;
            all.add(new Ended(grown.get(k), score, reason));
        }
        all.sort(Comparator.comparingDouble(text -> -text.score())); // stable
        ended = List.copyOf(all.subList(0, count));
    }

    private boolean isFull() {
        return ended.stream().allMatch(text -> text.reason() != null);
    }

    private boolean mayImprove() {
        double penalty = config.lengthPenalty();
        boolean longest = config.earlyStopping() == EarlyStopping.NEVER && penalty > 0;
        int length = (longest ? maxLength : running.get(0).length()) - start;
        float best = runningScores[0] / (float) Math.pow(length, penalty);
        float worst = ended.stream().map(Ended::score).min(Float::compare).orElse(NEVER);
        return ended.stream().anyMatch(text -> best > (text.reason() == null ? NEVER : worst));
    }

    /** The best texts, the best first. */
    List<Generated> answer() {
        return ended.subList(0, config.numReturnSequences()).stream()
                .map(text -> new Generated(
                        text.reason() == null ? new int[0] : text.history().generated(),
                        text.score(),
                        text.reason() == null ? FinishReason.LENGTH : text.reason()))
                .toList();
    }
}
