package dev.attune.train;

import java.util.Locale;

/** How the learning rate changes: Hugging Face's names. */
public enum SchedulerType {
    LINEAR,
    COSINE,
    COSINE_WITH_RESTARTS,
    POLYNOMIAL,
    CONSTANT,
    CONSTANT_WITH_WARMUP,
    INVERSE_SQRT,
    REDUCE_LR_ON_PLATEAU,
    COSINE_WITH_MIN_LR,
    COSINE_WARMUP_WITH_MIN_LR,
    WARMUP_STABLE_DECAY,
    GREEDY;

    /** The name in YAML, for instance {@code constant_with_warmup}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
