package dev.attune.train;

import java.util.Locale;

/** Who hears what is logged, besides {@code metrics.jsonl}. */
public enum ReportTo {
    NONE,
    TENSORBOARD;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
