package dev.attune.metric;

import java.util.Map;

/** Something measured over an evaluation set. Implementations are fed row by row or batch by batch, then computed. */
public interface Metric {
    /**
     * The measured values by name ({@code "accuracy"}, {@code "f1_macro"}, …), in a fixed order, without {@code eval_}
     * prefix. May be called at any time and again after more rows. Values that are mathematically undefined are NaN
     * where the reference library says NaN, and 0 where it says 0 ({@code zero_division=0}).
     *
     * @throws dev.attune.error.DataException if nothing was added: no row was evaluated
     */
    Map<String, Double> compute();
}
