package dev.attune.metric;

import dev.attune.metric.Entities.Entity;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Precision, recall and F1 of whole entities, all alike (micro), and the share of right tags: those of {@code seqeval}. */
public final class EntityMetrics {
    /**
     * Counts of one type.
     *
     * @param right entities that were found with their exact borders
     * @param predicted entities that were found, right or wrong
     * @param support entities that there are
     */
    public record Counts(long right, long predicted, long support) {
        public double precision() {
            return predicted == 0 ? 0 : (double) right / predicted;
        }

        public double recall() {
            return support == 0 ? 0 : (double) right / support;
        }

        public double f1() {
            return predicted + support == 0 ? 0 : 2.0 * right / (predicted + support);
        }

        private Counts plus(Counts other) {
            return new Counts(right + other.right, predicted + other.predicted, support + other.support);
        }
    }

    private final Map<String, Counts> types = new TreeMap<>();
    private long tags;
    private long rightTags;

    /** Takes the tags of one sentence, two lists of one length. */
    public void add(List<String> truth, List<String> predicted) {
        Set<Entity> real = new HashSet<>(Entities.of(truth));
        Set<Entity> found = new HashSet<>(Entities.of(predicted));
        for (Entity each : real) count(each, found.contains(each) ? 1 : 0, 0, 1);
        for (Entity each : found) count(each, 0, 1, 0);
        for (int i = 0; i < truth.size(); i++) if (truth.get(i).equals(predicted.get(i))) rightTags++;
        tags += truth.size();
    }

    private void count(Entity entity, long right, long predicted, long support) {
        types.merge(entity.type(), new Counts(right, predicted, support), Counts::plus);
    }

    /** By type, sorted. */
    public Map<String, Counts> types() {
        return types;
    }

    /** {@code precision}, {@code recall}, {@code f1} and {@code accuracy}; where nothing can be divided it is 0. */
    public Map<String, Double> compute() {
        Counts all = types.values().stream().reduce(new Counts(0, 0, 0), Counts::plus);
        Map<String, Double> results = new LinkedHashMap<>();
        results.put("precision", all.precision());
        results.put("recall", all.recall());
        results.put("f1", all.f1());
        results.put("accuracy", tags == 0 ? 0 : (double) rightTags / tags);
        return results;
    }
}
