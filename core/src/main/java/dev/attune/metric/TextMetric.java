package dev.attune.metric;

/** Compares text that a model wrote with text that is wanted. Memory does not grow with the rows, only with the longest text. */
public interface TextMetric extends Metric {
    /**
     * Takes one row.
     *
     * @param prediction what the model wrote; may be empty
     * @param reference what is wanted
     */
    void add(String prediction, String reference);
}
