package dev.attune.train;

import java.util.Locale;

/** The optimizers that there are. */
public enum OptimizerNames {
    ADAMW_TORCH_FUSED;

    /** The name in YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
