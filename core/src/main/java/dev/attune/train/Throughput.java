package dev.attune.train;

import dev.attune.data.Batch;
import java.util.ArrayDeque;
import java.util.List;

/** Speed over the last steps, and the time that is left. The first steps warm up and do not count. */
final class Throughput {
    private static final int WARM_UP = 3;
    private static final int WINDOW = 50;

    private record Sample(double seconds, long tokens, long grid) {}

    private final int totalSteps;
    private final ArrayDeque<Sample> window = new ArrayDeque<>();
    private int seen;
    private long last = System.nanoTime();

    Throughput(int totalSteps) {
        this.totalSteps = totalSteps;
    }

    void step(List<Batch> group) {
        long now = System.nanoTime();
        if (++seen > WARM_UP || seen == totalSteps) {
            long tokens = group.stream().mapToLong(Batch::tokens).sum();
            long grid =
                    group.stream().mapToLong(b -> (long) b.size() * b.longest()).sum();
            window.add(new Sample((now - last) / 1e9, tokens, grid));
            if (window.size() > WINDOW) window.remove();
        }
        last = now;
    }

    /** Time spent evaluating is not time spent training. */
    void pause() {
        last = System.nanoTime();
    }

    /** Real tokens a second. */
    double tokensPerSecond() {
        double seconds = window.stream().mapToDouble(Sample::seconds).sum();
        return seconds == 0 ? 0 : window.stream().mapToLong(Sample::tokens).sum() / seconds;
    }

    /** Share of the padded grid that is text: what a padded implementation would compute for nothing is the rest. */
    double realShare() {
        long grid = window.stream().mapToLong(Sample::grid).sum();
        return grid == 0
                ? 1
                : (double) window.stream().mapToLong(Sample::tokens).sum() / grid;
    }

    /** Seconds to the end, NaN while unknown. */
    double etaSeconds(int step) {
        if (window.isEmpty()) return Double.NaN;
        double perStep = window.stream().mapToDouble(Sample::seconds).average().orElse(Double.NaN);
        return perStep * (totalSteps - step);
    }
}
