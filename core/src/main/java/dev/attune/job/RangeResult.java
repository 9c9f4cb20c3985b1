package dev.attune.job;

import dev.attune.report.RangeCurve;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a range test found. Both rules are those of fastai's {@code lr_find}: on the smoothed loss, without the first tenth of the
 * steps, which are noise, and the last five, where the loss bursts.
 *
 * @param rates of each step that was made
 * @param losses of each step
 * @param smoothed their running mean
 */
public record RangeResult(RangeTest test, List<Double> rates, List<Double> losses, List<Double> smoothed) {
    private static final int LAST = 5;
    private static final MathContext TWO_DIGITS = new MathContext(2);

    public RangeResult {
        rates = List.copyOf(rates);
        losses = List.copyOf(losses);
        smoothed = List.copyOf(smoothed);
    }

    /** Where the loss falls fastest, by the logarithm of the rate; null if it never falls, or ended too soon to tell. */
    public @Nullable Double steepest() {
        double least = 0;
        Double found = null;
        for (int i = first(); i + 1 < end(); i++) {
            double slope =
                    (smoothed.get(i + 1) - smoothed.get(i)) / (Math.log(rates.get(i + 1)) - Math.log(rates.get(i)));
            if (slope >= least) continue;
            least = slope;
            found = rates.get(i);
        }
        return found;
    }

    /** A tenth of the rate with the least loss; null as {@link #steepest}. */
    public @Nullable Double tenthOfMinimum() {
        if (steepest() == null) return null;
        int least = first();
        for (int i = first(); i < end(); i++) if (smoothed.get(i) < smoothed.get(least)) least = i;
        return rates.get(least) / 10;
    }

    /** The lower one of the two, with two digits; null if there is none. */
    public @Nullable Double suggestion() {
        Double steepest = steepest();
        Double tenth = tenthOfMinimum();
        if (steepest == null || tenth == null) return null;
        return new BigDecimal(Math.min(steepest, tenth)).round(TWO_DIGITS).doubleValue();
    }

    private int first() {
        return test.steps() / 10;
    }

    private int end() {
        return rates.size() - LAST;
    }

    /** All of it as JSON knows it. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("min", test.min());
        map.put("max", test.max());
        map.put("steps", test.steps());
        map.put("steps_made", rates.size());
        map.put("suggestion", suggestion());
        map.put("steepest", steepest());
        map.put("tenth_of_minimum", tenthOfMinimum());
        List<Map<String, Object>> points = new ArrayList<>();
        for (int i = 0; i < rates.size(); i++) {
            Map<String, Object> point = new LinkedHashMap<>();
            point.put("learning_rate", rates.get(i));
            point.put("loss", losses.get(i));
            point.put("smoothed", smoothed.get(i));
            points.add(point);
        }
        map.put("points", points);
        return map;
    }

    /** The curve as an SVG picture. */
    public String svg() {
        return new RangeCurve(rates, losses, smoothed, steepest(), tenthOfMinimum()).svg();
    }
}
