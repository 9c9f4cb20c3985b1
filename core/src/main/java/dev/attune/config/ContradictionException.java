package dev.attune.config;

import dev.attune.error.ConfigException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the constructor of a configuration record throws: values that are out of range, or that may not stand together.
 * Whoever reads a file asks for the single contradictions and adds their lines.
 */
public final class ContradictionException extends ConfigException {
    /**
     * One complaint.
     *
     * @param keys the keys it is about; the first that was written is the one to show the place of
     * @param sentence what is wrong and what to do
     */
    public record Contradiction(List<String> keys, String sentence) {}

    private final transient List<Contradiction> contradictions;

    public ContradictionException(List<Contradiction> contradictions) {
        super(Mistakes.together(
                contradictions.stream().map(Contradiction::sentence).toList()));
        this.contradictions = List.copyOf(contradictions);
    }

    /** At least one. */
    public List<Contradiction> contradictions() {
        return contradictions;
    }

    /** All keys that are named. */
    public Set<String> keys() {
        Set<String> keys = new HashSet<>();
        contradictions.forEach(contradiction -> keys.addAll(contradiction.keys()));
        return keys;
    }
}
