package dev.attune.job.search;

/**
 * A space of numbers as a line on which kernels are laid: logarithms for {@code log_uniform}, and half a step more at both ends for
 * whole numbers, so that the first and the last have as much room as the others.
 *
 * @param low of the line
 * @param high of the line
 */
record NumberAxis(Space space, double low, double high) {
    static NumberAxis of(Space space) {
        if (space instanceof Space.Uniform u) return new NumberAxis(space, u.low(), u.high());
        if (space instanceof Space.LogUniform l) return new NumberAxis(space, Math.log(l.low()), Math.log(l.high()));
        if (space instanceof Space.IntRange i) return new NumberAxis(space, i.low() - 0.5, i.high() + 0.5);
        throw new IllegalArgumentException(space + " has no order");
    }

    boolean isWhole() {
        return space instanceof Space.IntRange;
    }

    /** Where a value lies. */
    double at(Object value) {
        double number = ((Number) value).doubleValue();
        return space instanceof Space.LogUniform ? Math.log(number) : number;
    }

    /** The value at a place, inside the space. */
    Object value(double at) {
        if (space instanceof Space.IntRange whole) {
            return Math.min(Math.max(Math.round(at), whole.low()), whole.high());
        }
        if (space instanceof Space.LogUniform log) return Space.rounded(Math.exp(at), log.low(), log.high());
        Space.Uniform uniform = (Space.Uniform) space;
        return Space.rounded(at, uniform.low(), uniform.high());
    }
}
