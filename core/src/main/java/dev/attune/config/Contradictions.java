package dev.attune.config;

import dev.attune.config.ContradictionException.Contradiction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with the values of a configuration record, in its constructor:
 *
 * <pre>{@code
 * public TrainingArguments {
 *     Contradictions wrong = Contradictions.ofRanges(SCHEMA).next(outputDir, runName, …);
 *     if (maxSteps == 0) wrong.add("max_steps is 0, …", "max_steps");
 *     wrong.throwIfAny();
 * }
 * }</pre>
 */
public final class Contradictions {
    private final List<Contradiction> found = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();

    private Iterator<ArgumentKey> keys = Collections.emptyIterator();

    /** Checks the values of a record, which are handed over with {@link #next} in the order of its keys. */
    public static Contradictions ofRanges(ArgumentSchema schema) {
        Contradictions wrong = new Contradictions();
        wrong.keys = schema.keys().iterator();
        return wrong;
    }

    /** Adds a sentence for each of the next values that is missing or out of range. */
    public Contradictions next(@Nullable Object... values) {
        for (Object value : values) range(keys.next(), value);
        return this;
    }

    /** Adds a sentence if the value of a key is missing or out of range. */
    public void range(ArgumentSchema schema, String key, @Nullable Object value) {
        range(schema.find(key).orElseThrow(), value);
    }

    private void range(ArgumentKey key, @Nullable Object value) {
        try {
            if (value != null) key.check(value);
            else if (!key.initial().isEmpty())
                broken(key, key.name() + " has no value, but must be " + key.kind() + ".");
        } catch (IllegalArgumentException e) {
            broken(key, e.getMessage());
        }
    }

    private void broken(ArgumentKey key, String sentence) {
        found.add(new Contradiction(List.of(key.name()), sentence));
        broken.add(key.name());
    }

    /** Adds that keys contradict each other, unless one of them is out of range: then nobody knows what it says. */
    public void add(String sentence, String... keys) {
        List<String> names = List.of(keys);
        if (Collections.disjoint(names, broken)) found.add(new Contradiction(names, sentence));
    }

    /** What is wrong so far. */
    public List<Contradiction> found() {
        return List.copyOf(found);
    }

    /**
     * Does nothing if nothing is wrong.
     *
     * @throws ContradictionException with everything that is
     */
    public void throwIfAny() {
        if (keys.hasNext())
            throw new IllegalStateException("nobody checked " + keys.next().name());
        if (!found.isEmpty()) throw new ContradictionException(found);
    }
}
