package dev.attune.optim;

import dev.attune.checkpoint.StateDict;
import dev.attune.checkpoint.Stateful;

/**
 * What a loss is multiplied with before its backward pass in float16, so that small gradients do not become 0 (Micikevicius et
 * al. 2017, arXiv 1710.03740): as large as the gradients allow. A step whose gradients overflow makes no update and halves the
 * scale, 2,000 good ones in a row double it. The numbers are those of torch's {@code GradScaler}.
 *
 * <p>The order of a step: backward of the loss times {@link #scale}; the norm of the gradients, divided by the scale; the
 * update, with the factor of clipping divided by the scale, unless the norm is not finite; {@link #update}.
 */
public final class LossScale implements Stateful {
    private static final double INITIAL = 65536;
    private static final double GROWTH = 2, BACKOFF = 0.5;
    private static final int GROWTH_INTERVAL = 2000;
    /** A gradient that overflows without being made larger is no matter of the scale. */
    private static final double FLOOR = 1;

    private double scale = INITIAL;
    private int good;
    private int skipped;

    /** The factor of the next loss. */
    public double scale() {
        return scale;
    }

    /** Whether the scale cannot be why a gradient overflows. */
    public boolean isAtFloor() {
        return scale <= FLOOR;
    }

    /** Steps without an update so far: the schedule does not count them. */
    public int skipped() {
        return skipped;
    }

    /** Good steps in a row: {@code _growth_tracker}. */
    int good() {
        return good;
    }

    /** Takes in a step, after its update was made or left out. */
    public void update(boolean overflowed) {
        if (overflowed) {
            skipped++;
            scale = (float) (scale * BACKOFF);
            good = 0;
        } else if (++good == GROWTH_INTERVAL) {
            float grown = (float) (scale * GROWTH);
            if (Float.isFinite(grown)) scale = grown;
            good = 0;
        }
    }

    @Override
    public void save(StateDict state) {
        state.put("scale", scale);
        state.put("growth_tracker", good);
        state.put("skipped", skipped);
    }

    /** A run that had no scale before, and has one from here on, begins as a new one does. */
    @Override
    public void load(StateDict state) {
        if (!state.hasValue("scale")) return;
        scale = state.real("scale");
        good = (int) state.integer("growth_tracker");
        skipped = (int) state.integer("skipped");
    }
}
