package dev.attune.model;

/**
 * Which distances between two tokens T5 takes as one (Raffel et al. 2020, arXiv 1910.10683, section 2.1): near ones each for
 * itself, farther ones by their logarithm, all beyond a limit together.
 *
 * @param count of buckets
 * @param maxDistance from which on all are one
 * @param bothWays whether a token sees those behind it too: half of the buckets are for them then
 */
record RelativeBuckets(int count, int maxDistance, boolean bothWays) {
    /** @param distance from the token that looks to the one that is looked at */
    int of(int distance) {
        int buckets = bothWays ? count / 2 : count;
        int away = bothWays ? Math.abs(distance) : Math.max(0, -distance);
        return (bothWays && distance > 0 ? buckets : 0) + oneWay(away, buckets);
    }

    /** In 32 bits, as the reference: at the edge of a bucket the last digit decides. */
    private int oneWay(int away, int buckets) {
        int exact = buckets / 2;
        if (away < exact) return away;
        float share = (float) Math.log((float) away / exact) / (float) Math.log((double) maxDistance / exact);
        return Math.min(buckets - 1, exact + (int) (share * (buckets - exact)));
    }
}
